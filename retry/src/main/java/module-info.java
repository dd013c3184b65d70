/**
 * Try again without making it worse: retry with backoff, budget, circuit breaker, rate limit, bulkhead, timeout, hedging.
 */
module dev.tentpole.retry {
    requires java.net.http;
    requires java.sql;
    requires dev.failsafe.core;
    requires dev.tentpole.base;
    requires org.slf4j;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.tentpole.retry;
}
