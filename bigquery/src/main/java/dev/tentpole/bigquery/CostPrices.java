package dev.tentpole.bigquery;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Bytes as money. */
final class CostPrices {

    private static final BigDecimal TIB = new BigDecimal(1L << 40);
    private static final BigDecimal MINUTES_OF_HOUR = new BigDecimal(60);
    /** Digits behind the point: a MiB at the lowest price has its first digits there. */
    private static final int SCALE = 12;

    private CostPrices() {}

    static CostMoney money(Pricing pricing, CostBytes billed, CostEstimator settings, SqlNotes notes) {
        return pricing.isCapacity() ? capacity(pricing, notes) : onDemand(pricing, billed, settings, notes);
    }

    private static CostMoney onDemand(Pricing pricing, CostBytes billed, CostEstimator settings, SqlNotes notes) {
        Optional<PriceTable.Price> listed = pricing.prices().price(pricing.region());
        boolean known = pricing.perTib().isPresent() || listed.isPresent();
        PriceTable.Price price = listed.orElseGet(() -> pricing.prices().highest());
        if (!known) {
            unlisted(pricing, "", notes);
        } else if (pricing.perTib().isEmpty() && !price.published()) {
            notes.assume(CostAssumption.PRICE_IS_GUESSED);
        }
        BigDecimal paid = BigDecimal.ONE.subtract(pricing.discount());
        BigDecimal perTib = pricing.perTib().orElse(price.perTib()).multiply(paid);
        boolean guessed = pricing.perTib().isEmpty()
                && !(known && (price.published() || settings.trusts(CostAssumption.PRICE_IS_GUESSED)));
        BigDecimal least = guessed ? pricing.prices().lowest().perTib().multiply(paid) : perTib;
        BigDecimal most = guessed ? pricing.prices().highest().perTib().multiply(paid) : perTib;
        long free = Math.min(pricing.freeBytesLeft(), billed.expected());
        return new CostMoney(
                amount(billed.lower(), pricing, least),
                amount(billed.expected(), pricing, perTib),
                billed.isBounded() ? Optional.of(amount(billed.upper(), pricing, most)) : Optional.empty(),
                pricing.prices().currency(),
                pricing.region(),
                perTib,
                pricing.prices().version(),
                pricing.prices().date(),
                known,
                free,
                false);
    }

    private static void unlisted(Pricing pricing, String what, SqlNotes notes) {
        notes.warn(
                CostWarning.Id.PRICE_FALLBACK,
                CostWarning.Severity.WARNING,
                0,
                0,
                "The prices of " + pricing.prices().version() + " have none for " + what + "the region "
                        + pricing.region() + "; the highest price was taken.");
    }

    private static BigDecimal amount(long bytes, Pricing pricing, BigDecimal perTib) {
        BigDecimal paid = new BigDecimal(bytes - Math.min(bytes, pricing.freeBytesLeft()));
        return paid.multiply(perTib).divide(TIB, SCALE, RoundingMode.HALF_UP);
    }

    /** The shortest time that is billed, a minute, for the slots in steps; how much longer a query takes is not known. */
    private static CostMoney capacity(Pricing pricing, SqlNotes notes) {
        if (!pricing.isSlotHourKnown()) {
            unlisted(pricing, "slots in ", notes);
        }
        BigDecimal minute = pricing.slotHour()
                .multiply(new BigDecimal(pricing.allocatedSlots()))
                .divide(MINUTES_OF_HOUR, SCALE, RoundingMode.HALF_UP)
                .multiply(BigDecimal.ONE.subtract(pricing.discount()));
        return new CostMoney(
                minute,
                minute,
                Optional.empty(),
                pricing.prices().currency(),
                pricing.region(),
                BigDecimal.ZERO,
                pricing.prices().version(),
                pricing.prices().date(),
                pricing.isSlotHourKnown(),
                0,
                true);
    }
}
