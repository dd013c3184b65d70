package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prices from a file are numbers that can be counted with. */
final class PriceTableTest {

    private static String json(String perTib, String slotHour) {
        return """
                {"version": "own", "date": "2026-01-01", "currency": "USD",
                 "regions": {"EU": {"perTib": "%s"}},
                 "editions": {"EU": {"ENTERPRISE": {"payAsYouGo": "%s"}}}}
                """.formatted(perTib, slotHour);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "1000000.01",
                "1e999999999",
                "1e-999999999",
                "0e999999999",
                "0e-999999999",
                "0.000000000000000000001",
                "much",
                "",
                "0.00000000000000000000000000000000000000000000000000000000000001"
            })
    void a_price_out_of_its_range_is_refused_with_its_name_and_value(String price) {
        BigQueryException refusal =
                catchThrowableOfType(BigQueryException.class, () -> PriceTable.parse(json(price, "0.06")));
        assertThat(refusal).hasMessageContaining("regions.EU.perTib = ").hasMessageContaining("must be");
        refusal = catchThrowableOfType(BigQueryException.class, () -> PriceTable.parse(json("6.25", price)));
        assertThat(refusal)
                .hasMessageContaining("editions.EU.ENTERPRISE.payAsYouGo = " + shown(price))
                .hasMessageContaining("must be");
    }

    /** Numbers are shown as they are counted with, and the rest as it was written, but not all of it if it is long. */
    private static String shown(String price) {
        try {
            return price.length() <= 60 ? new BigDecimal(price).toString() : price.substring(0, 60) + "…";
        } catch (NumberFormatException e) {
            return price;
        }
    }

    @Test
    void a_price_within_it_is_taken_as_it_is() {
        PriceTable prices = PriceTable.parse(json("1e6", "0.00000000000000000001"));
        assertThat(prices.price("eu").orElseThrow().perTib()).isEqualByComparingTo("1000000");
        assertThat(prices.slotHour("EU", PriceTable.Edition.ENTERPRISE, PriceTable.Commitment.PAY_AS_YOU_GO))
                .isEqualTo(new BigDecimal("0.00000000000000000001"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e999999999", "1e-999999999"})
    void amounts_that_are_set_are_checked_too(String amount) {
        BigDecimal value = new BigDecimal(amount);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pricing.builder("EU").perTib(value).build())
                .withMessageContaining("perTib = ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pricing.builder("EU").discount(value).build())
                .withMessageContaining("discount = ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Budgets.Limit.money(value))
                .withMessageContaining("money = ");
    }
}
