package dev.tentpole.bigquery;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One estimate while it is made. */
final class CostRun {

    private static final CostBytes ANYTHING = new CostBytes(0, 0, CostBytes.UNBOUNDED);

    private final Pricing pricing;

    CostRun(CostEstimator settings, String sql, List<SqlParameter> parameters, Catalog catalog, Pricing pricing) {
        this.pricing = pricing;
    }

    CostEstimate estimate() {
        CostMoney money = new CostMoney(
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                Optional.empty(),
                pricing.prices().currency(),
                pricing.region(),
                pricing.prices().highest().perTib(),
                pricing.prices().version(),
                pricing.prices().date(),
                false,
                0,
                false);
        return new CostEstimate(
                ANYTHING, ANYTHING, CostAccuracy.UNKNOWN, money, List.of(), List.of(), Set.of(), List.of());
    }
}
