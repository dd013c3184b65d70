package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What BigQuery charges in each region: data with a date, not code. Immutable.
 *
 * <p>{@link #bundled} comes with the library and ages with it; {@link #read} takes a newer one.
 */
public final class PriceTable {

    private static final BigDecimal HIGHEST = new BigDecimal(1_000_000);

    /** So that sums of money stay short whatever a file says. */
    private static final int MOST_DECIMALS = 20;

    private static final int LONGEST_NUMBER = 60;

    /** The edition of capacity that is paid for. */
    public enum Edition {
        /** At most 1,600 slots. */
        STANDARD,
        /** With the features of the enterprise edition. */
        ENTERPRISE,
        /** With all features. */
        ENTERPRISE_PLUS
    }

    /** For how long capacity is promised to be paid for. */
    public enum Commitment {
        /** Not at all. */
        PAY_AS_YOU_GO,
        /** For a year of spending. */
        ONE_YEAR,
        /** For three years of spending. */
        THREE_YEARS
    }

    /**
     * What a tebibyte costs somewhere.
     *
     * @param perTib the price of 2<sup>40</sup> bytes
     * @param published whether a public source gives this price; otherwise it is a guess
     */
    public record Price(BigDecimal perTib, boolean published) {

        /**
         * Checks the values.
         *
         * @param perTib see {@link #perTib}
         * @param published see {@link #published}
         */
        public Price {
            requirePrice("perTib", perTib);
        }
    }

    /** {@return the amount of money, which is one that can be counted with} */
    static BigDecimal requirePrice(String name, BigDecimal price) {
        boolean good =
                price.signum() >= 0 && Math.abs((long) price.scale()) <= MOST_DECIMALS && price.compareTo(HIGHEST) <= 0;
        Args.check(good, name, price, "within 0.." + HIGHEST + ", with at most " + MOST_DECIMALS + " decimals");
        return price;
    }

    private static BigDecimal price(String name, JsonNode number) {
        String text = number.asString();
        try {
            if (text.length() <= LONGEST_NUMBER) {
                return requirePrice(name, new BigDecimal(text));
            }
        } catch (NumberFormatException e) {
            // Told below, with its name.
        }
        String shown = text.length() <= LONGEST_NUMBER ? text : text.substring(0, LONGEST_NUMBER) + "…";
        throw new IllegalArgumentException(
                name + " = " + shown + ", must be a number of at most " + LONGEST_NUMBER + " characters");
    }

    private static final PriceTable BUNDLED = loadBundled();

    private final String version;
    private final LocalDate date;
    private final String currency;
    private final TreeMap<String, Price> regions = new TreeMap<>();
    private final Map<String, BigDecimal> slotHours = new TreeMap<>();

    private PriceTable(JsonNode root) {
        version = root.required("version").asString();
        date = LocalDate.parse(root.required("date").asString());
        currency = root.required("currency").asString();
        for (Map.Entry<String, JsonNode> region : root.required("regions").properties()) {
            JsonNode price = region.getValue();
            regions.put(
                    key(region.getKey()),
                    new Price(
                            price("regions." + region.getKey() + ".perTib", price.required("perTib")),
                            price.path("published").asBoolean(true)));
        }
        Args.check(!regions.isEmpty(), "regions", 0, "at least one");
        for (Map.Entry<String, JsonNode> region : root.path("editions").properties()) {
            for (Map.Entry<String, JsonNode> edition : region.getValue().properties()) {
                for (Commitment commitment : Commitment.values()) {
                    JsonNode price = edition.getValue().path(field(commitment));
                    if (!price.isMissingNode()) {
                        slotHours.put(
                                slotKey(region.getKey(), Edition.valueOf(edition.getKey()), commitment),
                                price(
                                        "editions." + region.getKey() + "." + edition.getKey() + "."
                                                + field(commitment),
                                        price));
                    }
                }
            }
        }
    }

    /** {@return the prices that came with this library} */
    public static PriceTable bundled() {
        return BUNDLED;
    }

    /**
     * {@return the prices in a file of JSON}
     *
     * @param file a file of the form of the bundled one, see the README
     * @throws IOException if it cannot be read
     * @throws BigQueryException if it has another form
     */
    public static PriceTable read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /**
     * {@return the prices in a text of JSON}
     *
     * @param json a text of the form of the bundled file, see the README
     * @throws BigQueryException if it has another form
     */
    public static PriceTable parse(String json) {
        Objects.requireNonNull(json, "json");
        try {
            return new PriceTable(JsonMapper.shared().readTree(json));
        } catch (RuntimeException e) {
            throw new BigQueryException("The prices cannot be read: " + CatalogFormat.reason(e), e);
        }
    }

    /** {@return what the publisher of the table calls it} */
    public String version() {
        return version;
    }

    /** {@return the day of which the prices are} */
    public LocalDate date() {
        return date;
    }

    /** {@return the currency of all prices, such as {@code USD}} */
    public String currency() {
        return currency;
    }

    /**
     * {@return the price of a region, if the table has it}
     *
     * @param region the region or multi-region, in whatever case
     */
    public Optional<Price> price(String region) {
        return Optional.ofNullable(regions.get(key(region)));
    }

    /** {@return the lowest price of any region} */
    Price lowest() {
        return regions.values().stream()
                .min(Comparator.comparing(Price::perTib))
                .orElseThrow();
    }

    /** {@return the highest price of any region} */
    public Price highest() {
        return regions.values().stream()
                .max(Comparator.comparing(Price::perTib))
                .orElseThrow();
    }

    /**
     * {@return what a slot costs in an hour; in a region without a price of its own, the highest that the table has}
     *
     * @param region the region or multi-region, in whatever case
     * @param edition the edition
     * @param commitment for how long it is promised
     * @throws BigQueryException if the table has no price for this edition
     */
    public BigDecimal slotHour(String region, Edition edition, Commitment commitment) {
        BigDecimal own = slotHours.get(slotKey(key(region), edition, commitment));
        if (own != null) {
            return own;
        }
        String end = slotKey("", edition, commitment);
        return slotHours.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(end))
                .map(Map.Entry::getValue)
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new BigQueryException(
                        "The prices of " + version + " have none for " + edition + " with " + commitment));
    }

    /** Whether the slots of a region have a price of their own. */
    boolean hasSlotHour(String region, Edition edition, Commitment commitment) {
        return slotHours.containsKey(slotKey(region, edition, commitment));
    }

    @Override
    public String toString() {
        return "PriceTable[" + version + ", " + date + ", " + currency + ", " + regions.size() + " regions]";
    }

    private static String slotKey(String region, Edition edition, Commitment commitment) {
        return key(region) + "/" + edition + "/" + commitment;
    }

    private static String field(Commitment commitment) {
        return switch (commitment) {
            case PAY_AS_YOU_GO -> "payAsYouGo";
            case ONE_YEAR -> "oneYear";
            case THREE_YEARS -> "threeYears";
        };
    }

    private static String key(String region) {
        return Objects.requireNonNull(region, "region").strip().toLowerCase(Locale.ROOT);
    }

    private static PriceTable loadBundled() {
        try (InputStream in = PriceTable.class.getResourceAsStream("prices.json")) {
            if (in == null) {
                throw new IllegalStateException("prices.json is missing from the library");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
