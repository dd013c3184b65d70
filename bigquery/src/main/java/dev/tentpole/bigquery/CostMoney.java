package dev.tentpole.bigquery;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What a query costs in money, and where the price comes from. Immutable.
 *
 * @param lower the least that it can cost
 * @param expected what it most likely costs
 * @param upper the most that it can cost, if anything limits it
 * @param currency the currency, such as {@code USD}
 * @param region the region of the price
 * @param perTib the price of 2<sup>40</sup> bytes after any discount; 0 where slots are paid for
 * @param priceVersion which table of prices it is from
 * @param priceDate the day of which that table is
 * @param priceKnown whether the table has the region; otherwise its highest price was taken
 * @param freeBytes how many of the expected bytes are free
 * @param allocation whether slots are paid for: then all amounts are those of the shortest time that is billed, one
 *     minute, and a query's true share of the slots is not known
 */
public record CostMoney(
        BigDecimal lower,
        BigDecimal expected,
        Optional<BigDecimal> upper,
        String currency,
        String region,
        BigDecimal perTib,
        String priceVersion,
        LocalDate priceDate,
        boolean priceKnown,
        long freeBytes,
        boolean allocation) {}
