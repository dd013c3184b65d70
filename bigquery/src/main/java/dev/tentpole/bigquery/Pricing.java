package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;

/**
 * How queries are paid for: by the bytes that they read, or by slots. Immutable; begin with {@link #onDemand} or
 * {@link #capacity}.
 */
public final class Pricing {

    private static final int SLOT_STEP = 50;
    private static final int MOST_SLOTS = 1_000_000;

    /** Whose queries share the free bytes of a month; Google's pages contradict each other. */
    public enum FreeTierScope {
        /** All projects of a billing account. */
        BILLING_ACCOUNT,
        /** Each project. */
        PROJECT
    }

    private final String region;
    private final PriceTable prices;
    private final Optional<BigDecimal> perTib;
    private final BigDecimal discount;
    private final long freeBytesLeft;
    private final FreeTierScope freeTierScope;
    private final int slots;
    private final PriceTable.Edition edition;
    private final PriceTable.Commitment commitment;

    private Pricing(Builder builder) {
        region = builder.region;
        prices = builder.prices;
        perTib = builder.perTib;
        discount = builder.discount;
        freeBytesLeft = builder.freeBytesLeft;
        freeTierScope = builder.freeTierScope;
        slots = builder.slots;
        edition = builder.edition;
        commitment = builder.commitment;
    }

    /**
     * {@return paying for bytes at the list price of a region, with no free bytes left}
     *
     * @param region the region or multi-region: {@code US}, {@code EU}, {@code europe-west1}
     */
    public static Pricing onDemand(String region) {
        return builder(region).build();
    }

    /**
     * {@return paying for slots at the list price of a region}
     *
     * @param region the region or multi-region
     * @param edition the edition
     * @param commitment for how long it is promised
     * @param slots how many slots a query gets, at least 1; billed in steps of 50
     */
    public static Pricing capacity(
            String region, PriceTable.Edition edition, PriceTable.Commitment commitment, int slots) {
        return builder(region).capacity(edition, commitment, slots).build();
    }

    /**
     * {@return a builder}
     *
     * @param region the region or multi-region: {@code US}, {@code EU}, {@code europe-west1}
     */
    public static Builder builder(String region) {
        return new Builder(region);
    }

    /** {@return the region or multi-region} */
    public String region() {
        return region;
    }

    /** {@return the list prices} */
    public PriceTable prices() {
        return prices;
    }

    /** {@return the price of 2<sup>40</sup> bytes that takes the place of the list price, if there is one} */
    public Optional<BigDecimal> perTib() {
        return perTib;
    }

    /** {@return the part of the price that is not paid, 0 to 1} */
    public BigDecimal discount() {
        return discount;
    }

    /** {@return how many bytes are still free this month} */
    public long freeBytesLeft() {
        return freeBytesLeft;
    }

    /** {@return whose queries share the free bytes} */
    public FreeTierScope freeTierScope() {
        return freeTierScope;
    }

    /** {@return whether slots are paid for, and not bytes} */
    public boolean isCapacity() {
        return slots > 0;
    }

    /** {@return the slots that are paid for, a multiple of 50; 0 if bytes are} */
    int allocatedSlots() {
        return (slots + SLOT_STEP - 1) / SLOT_STEP * SLOT_STEP;
    }

    BigDecimal slotHour() {
        return prices.slotHour(region, edition, commitment);
    }

    /** Whether slots have a price in the region, and not the highest one of those that have. */
    boolean isSlotHourKnown() {
        return prices.hasSlotHour(region, edition, commitment);
    }

    @Override
    public String toString() {
        return "Pricing[" + region + ", " + (isCapacity() ? edition + ", " + slots + " slots" : "on demand") + ", "
                + prices.version() + "]";
    }

    /** Collects how queries are paid for; not safe for use by several threads. */
    public static final class Builder {

        private final String region;
        private PriceTable prices = PriceTable.bundled();
        private Optional<BigDecimal> perTib = Optional.empty();
        private BigDecimal discount = BigDecimal.ZERO;
        private long freeBytesLeft;
        private FreeTierScope freeTierScope = FreeTierScope.BILLING_ACCOUNT;
        private int slots;
        private PriceTable.Edition edition = PriceTable.Edition.STANDARD;
        private PriceTable.Commitment commitment = PriceTable.Commitment.PAY_AS_YOU_GO;

        private Builder(String region) {
            this.region = Args.notBlank("region", region);
        }

        /**
         * Sets the list prices; {@link PriceTable#bundled} if it is not called.
         *
         * @param value the prices
         * @return this builder
         */
        public Builder prices(PriceTable value) {
            prices = Objects.requireNonNull(value, "prices");
            return this;
        }

        /**
         * Sets a price that takes the place of the region's list price, as agreed with Google.
         *
         * @param value the price of 2<sup>40</sup> bytes in the currency of the list, at least 0
         * @return this builder
         */
        public Builder perTib(BigDecimal value) {
            perTib = Optional.of(value);
            return this;
        }

        /**
         * Sets which part of the price is not paid; 0 if it is not called.
         *
         * @param value 0 to 1
         * @return this builder
         */
        public Builder discount(BigDecimal value) {
            discount = Objects.requireNonNull(value, "discount");
            return this;
        }

        /**
         * Sets how many bytes are still free this month, at least 0; 0 if it is not called, so that no estimate is too low.
         *
         * @param value the bytes; Google gives 2<sup>40</sup> each month
         * @return this builder
         */
        public Builder freeBytesLeft(long value) {
            freeBytesLeft = value;
            return this;
        }

        /**
         * Sets whose queries share the free bytes; {@link FreeTierScope#BILLING_ACCOUNT} if it is not called.
         *
         * @param value whose
         * @return this builder
         */
        public Builder freeTierScope(FreeTierScope value) {
            freeTierScope = Objects.requireNonNull(value, "freeTierScope");
            return this;
        }

        /**
         * Sets that slots are paid for, and not bytes.
         *
         * @param newEdition the edition
         * @param newCommitment for how long it is promised
         * @param newSlots how many slots a query gets, at least 1; billed in steps of 50
         * @return this builder
         */
        public Builder capacity(PriceTable.Edition newEdition, PriceTable.Commitment newCommitment, int newSlots) {
            edition = Objects.requireNonNull(newEdition, "edition");
            commitment = Objects.requireNonNull(newCommitment, "commitment");
            slots = Args.inRange("slots", newSlots, 1, MOST_SLOTS);
            return this;
        }

        /**
         * {@return how queries are paid for}
         *
         * @throws IllegalArgumentException if a value is not allowed; the message names it
         */
        public Pricing build() {
            Args.check(
                    discount.signum() >= 0 && discount.compareTo(BigDecimal.ONE) <= 0,
                    "discount",
                    discount,
                    "within 0..1");
            Args.check(freeBytesLeft >= 0, "freeBytesLeft", freeBytesLeft, "at least 0");
            perTib.ifPresent(value -> PriceTable.requirePrice("perTib", value));
            PriceTable.requirePrice("discount", discount);
            return new Pricing(this);
        }
    }
}
