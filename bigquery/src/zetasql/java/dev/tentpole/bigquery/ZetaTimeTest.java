package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How long a query of a dashboard takes: Google's analyser to resolve it, ours to resolve and price it. */
final class ZetaTimeTest {

    private static final int ROUNDS = 60;
    private static final int CALLS = 200;
    private static final int ROUNDS_TO_WARM_UP = 20;

    private static final String QUERY =
            "SELECT TIMESTAMP_TRUNC(ts, HOUR) AS time, user AS metric, AVG(n) AS value FROM `proj.ds.events`"
                    + " WHERE ts >= TIMESTAMP '2024-01-10 00:00:00+00' AND ts < TIMESTAMP '2024-01-12 00:00:00+00'"
                    + " AND user IN ('a', 'b') GROUP BY 1, 2 ORDER BY 1 LIMIT 1000";

    @Test
    void a_price_takes_a_twentieth_of_the_time_of_an_analysis() {
        ZetaOracle oracle;
        try {
            oracle = new ZetaOracle(SampleCatalog.catalog());
        } catch (LinkageError | RuntimeException e) {
            assumeTrue(false, "Google's analyser cannot be loaded on this machine: " + e);
            return;
        }
        double google = Double.MAX_VALUE;
        double own = Double.MAX_VALUE;
        // In turn, so that whatever else the machine does is no advantage of either.
        for (int round = 0; round < ROUNDS; round++) {
            double one = micros(() -> oracle.resolve(QUERY));
            double other = micros(() -> SampleCatalog.estimate(QUERY));
            if (round >= ROUNDS_TO_WARM_UP) {
                google = Math.min(google, one);
                own = Math.min(own, other);
            }
        }
        String times = String.format(
                Locale.ROOT, "ZetaSQL %.1f us, Tentpole %.1f us, %.0f times", google, own, google / own);
        System.out.println(times);
        assertThat(google / own).as(times).isGreaterThanOrEqualTo(20);
    }

    private static double micros(Supplier<Object> call) {
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            if (call.get() == null) {
                throw new IllegalStateException("no answer");
            }
        }
        return (System.nanoTime() - start) / 1e3 / CALLS;
    }
}
