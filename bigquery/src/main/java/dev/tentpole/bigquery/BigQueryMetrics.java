package dev.tentpole.bigquery;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Shows what a {@link BigQueryClient} does as Micrometer meters; needs Micrometer on the class path. The names are in the
 * module's README. Safe for use by several threads.
 */
public final class BigQueryMetrics implements MeterBinder {

    private final BigQueryClient client;

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}.
     *
     * @param client what to show
     */
    public BigQueryMetrics(BigQueryClient client) {
        this.client = Objects.requireNonNull(client, "client");
    }

    /**
     * Adds the meters.
     *
     * @param registry where to
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "queries", "Queries that were run", BigQueryClient::queries);
        counter(registry, "queries.cancelled", "Jobs that were asked to stop", BigQueryClient::cancels);
        counter(registry, "queries.refused", "Queries that a budget refused", BigQueryClient::refused);
        counter(registry, "requests", "HTTP requests, all attempts counted", BigQueryClient::requests);
        counter(registry, "requests.retried", "Attempts after the first one", BigQueryClient::retries);
    }

    private void counter(MeterRegistry registry, String name, String what, ToDoubleFunction<BigQueryClient> value) {
        FunctionCounter.builder("tentpole.bigquery." + name, client, value)
                .description(what)
                .register(registry);
    }
}
