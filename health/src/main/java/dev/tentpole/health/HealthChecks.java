package dev.tentpole.health;

import dev.tentpole.base.Args;
import dev.tentpole.base.NanoClock;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Ready-made checks of the things that most programs depend on.
 *
 * <p>Each comes with few, plain limits; {@link #withLatency} adds limits of time to any check. None puts an address, a
 * user's name or an exception's text into a message. Give each a {@link CheckSettings} of its own when it is registered.
 */
public final class HealthChecks {

    private static final int MAX_PORT = 65_535;

    private HealthChecks() {}

    /**
     * What a pool says of itself.
     *
     * @param inUse how many of its things are lent out, not negative
     * @param max how many it may have, at least 1
     * @param waiting how many callers wait for one, not negative
     * @param borrowWait how long a borrower waits: the pool's own figure, such as a recent 99th percentile, or the age of
     *     the oldest waiter; not negative
     */
    public record PoolFigures(int inUse, int max, int waiting, Duration borrowWait) {

        /**
         * Checks the figures.
         *
         * @param inUse how many are lent out
         * @param max how many there may be
         * @param waiting how many callers wait
         * @param borrowWait how long a borrower waits
         * @throws IllegalArgumentException if one is out of range
         */
        public PoolFigures {
            Args.inRange("inUse", inUse, 0, Integer.MAX_VALUE);
            Args.inRange("max", max, 1, Integer.MAX_VALUE);
            Args.inRange("waiting", waiting, 0, Integer.MAX_VALUE);
            Args.check(!borrowWait.isNegative(), "borrowWait", borrowWait, "not negative");
        }
    }

    /**
     * What a cache says of itself: counts since it was made.
     *
     * @param hits look-ups that found something, not negative
     * @param misses look-ups that found nothing, not negative
     */
    public record CacheFigures(long hits, long misses) {

        /**
         * Checks the figures.
         *
         * @param hits look-ups that found something
         * @param misses look-ups that found nothing
         * @throws IllegalArgumentException if one is negative
         */
        public CacheFigures {
            Args.inRange("hits", hits, 0L, Long.MAX_VALUE);
            Args.inRange("misses", misses, 0L, Long.MAX_VALUE);
        }
    }

    /**
     * {@return a check of a database: takes a connection, asks the driver whether it is valid, gives it back}
     *
     * @param dataSource where to take the connection; only for the length of the check
     * @param validation how long the driver may take for its answer; rounded up to whole seconds, as JDBC has it
     */
    public static HealthCheck dataSource(DataSource dataSource, Duration validation) {
        return connection(dataSource::getConnection, validation);
    }

    /**
     * {@return a check of a database connection that is opened for it: asks the driver whether it is valid, closes it}
     *
     * @param open opens a connection, which the check closes
     * @param validation how long the driver may take for its answer; rounded up to whole seconds, as JDBC has it
     */
    public static HealthCheck connection(Callable<Connection> open, Duration validation) {
        Objects.requireNonNull(open, "open");
        Args.inRange("validation", validation, Duration.ofMillis(1), Duration.ofMinutes(1));
        int seconds = (int) validation.plusSeconds(1).minusNanos(1).toSeconds();
        return () -> {
            try (Connection connection = open.call()) {
                return connection.isValid(seconds)
                        ? CheckResult.healthy()
                        : CheckResult.unhealthy(ReasonCategory.CONNECTION, "the driver calls the connection invalid");
            }
        };
    }

    /**
     * {@return a check that gets a page and looks at its status: 2xx is healthy; 429 and 503 are an overload, 401, 403 and 407
     * an authentication that failed, 408 and 504 a timeout, all others an invalid response}
     *
     * @param client what to ask with; its settings decide whether redirections are followed
     * @param uri what to get
     * @param timeout how long the answer may take
     */
    public static HealthCheck http(HttpClient client, URI uri, Duration timeout) {
        Objects.requireNonNull(client, "client");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).GET().build();
        return () -> judge(
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    }

    /**
     * {@return a check that opens a TCP connection and closes it}
     *
     * @param host the host's name or address, looked up anew each time
     * @param port the port, 1 to 65,535
     * @param timeout how long connecting may take
     */
    public static HealthCheck tcp(String host, int port, Duration timeout) {
        Args.notBlank("host", host);
        Args.inRange("port", port, 1, MAX_PORT);
        Args.inRange("timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(10));
        return () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
                return CheckResult.healthy();
            }
        };
    }

    /**
     * {@return a check of the space that is left on the disk that holds a path}
     *
     * @param path a path that exists
     * @param degradedBelow usable bytes below which the check is degraded, at least {@code unhealthyBelow}
     * @param unhealthyBelow usable bytes below which the check is unhealthy, not negative
     */
    public static HealthCheck diskSpace(Path path, long degradedBelow, long unhealthyBelow) {
        Objects.requireNonNull(path, "path");
        Args.inRange("unhealthyBelow", unhealthyBelow, 0L, Long.MAX_VALUE);
        Args.inRange("degradedBelow", degradedBelow, unhealthyBelow, Long.MAX_VALUE);
        return () -> {
            long usable = Files.getFileStore(path).getUsableSpace();
            CheckResult result = usable < unhealthyBelow
                    ? CheckResult.unhealthy(ReasonCategory.CAPACITY, "the disk is almost full")
                    : usable < degradedBelow
                            ? CheckResult.degraded(ReasonCategory.CAPACITY, "the disk fills up")
                            : CheckResult.healthy();
            return result.withDetail("usableBytes", usable);
        };
    }

    /**
     * {@return a check of the part of the heap that is still in use after the last garbage collection of each heap pool;
     * what is in use between collections says nothing}
     *
     * @param degradedAbove the part above which the check is degraded, in 0..1
     * @param unhealthyAbove the part above which the check is unhealthy, from {@code degradedAbove} to 1
     */
    public static HealthCheck heapAfterGc(double degradedAbove, double unhealthyAbove) {
        return JvmChecks.heapAfterGc(degradedAbove, unhealthyAbove);
    }

    /**
     * {@return a check that no threads wait for each other's locks for ever; unhealthy with the first threads' names in the
     * details}
     */
    public static HealthCheck deadlockedThreads() {
        return JvmChecks.deadlockedThreads();
    }

    /**
     * {@return a check of a pool of anything: degraded when it is exhausted and callers wait, or borrowing takes long;
     * unhealthy when borrowing takes very long}
     *
     * @param figures asks the pool; called once for each run
     * @param degradedAbove the borrow wait above which the check is degraded
     * @param unhealthyAbove the borrow wait above which the check is unhealthy, at least {@code degradedAbove}
     */
    public static HealthCheck pool(Supplier<PoolFigures> figures, Duration degradedAbove, Duration unhealthyAbove) {
        Objects.requireNonNull(figures, "figures");
        orderedLimits(degradedAbove, unhealthyAbove);
        return () -> {
            PoolFigures now = figures.get();
            boolean exhausted = now.inUse() >= now.max() && now.waiting() > 0;
            CheckResult result = CheckResult.healthy();
            if (now.borrowWait().compareTo(unhealthyAbove) > 0) {
                result = CheckResult.unhealthy(ReasonCategory.OVERLOAD, "borrowing takes " + now.borrowWait());
            } else if (now.borrowWait().compareTo(degradedAbove) > 0) {
                result = CheckResult.degraded(ReasonCategory.OVERLOAD, "borrowing takes " + now.borrowWait());
            } else if (exhausted) {
                result = CheckResult.degraded(
                        ReasonCategory.OVERLOAD, "exhausted: all " + now.max() + " in use, " + now.waiting() + " wait");
            }
            return result.withDetail("inUse", now.inUse())
                    .withDetail("max", now.max())
                    .withDetail("waiting", now.waiting());
        };
    }

    /**
     * {@return a check of a cache: degraded while its hit rate is below a limit, judged anew whenever enough look-ups have
     * come together since the last judgement}
     *
     * <p>A cache is never unhealthy: without it things are slow, not broken. Counts that go backwards start afresh.
     *
     * @param figures asks the cache; called once for each run
     * @param hitRateBelow the hit rate below which the check is degraded, in 0..1
     * @param minLookups how many look-ups a judgement needs, at least 1
     */
    public static HealthCheck cache(Supplier<CacheFigures> figures, double hitRateBelow, long minLookups) {
        return new CacheCheck(figures, hitRateBelow, minLookups);
    }

    /**
     * {@return a check of when certificates expire; an empty collection is unhealthy}
     *
     * @param certificates brings the certificates to judge; called once for each run, so that renewed ones are seen
     * @param degradedWithin degraded if one expires within this time, such as 30 days
     * @param unhealthyWithin unhealthy if one expires within this time, at most {@code degradedWithin}
     */
    public static HealthCheck certificates(
            Callable<? extends Collection<X509Certificate>> certificates,
            Duration degradedWithin,
            Duration unhealthyWithin) {
        return certificates(certificates, degradedWithin, unhealthyWithin, InstantSource.system());
    }

    static HealthCheck certificates(
            Callable<? extends Collection<X509Certificate>> certificates,
            Duration degradedWithin,
            Duration unhealthyWithin,
            InstantSource clock) {
        Objects.requireNonNull(certificates, "certificates");
        orderedLimits(unhealthyWithin, degradedWithin);
        return () -> certificates.call().stream()
                .map(X509Certificate::getNotAfter)
                .min(Date::compareTo)
                .map(first -> judge(first.toInstant(), clock.instant(), degradedWithin, unhealthyWithin))
                .orElseGet(() -> CheckResult.unhealthy(ReasonCategory.INVALID_RESPONSE, "there is no certificate"));
    }

    /**
     * {@return a check that judges besides how long another one takes; the worse of the two counts}
     *
     * @param check the other check
     * @param degradedAbove the time above which a healthy result becomes a degraded one
     * @param unhealthyAbove the time above which any result becomes an unhealthy one, at least {@code degradedAbove}; best
     *     below the check's timeout
     */
    public static HealthCheck withLatency(HealthCheck check, Duration degradedAbove, Duration unhealthyAbove) {
        return withLatency(check, degradedAbove, unhealthyAbove, NanoClock.system());
    }

    static HealthCheck withLatency(
            HealthCheck check, Duration degradedAbove, Duration unhealthyAbove, NanoClock clock) {
        Objects.requireNonNull(check, "check");
        orderedLimits(degradedAbove, unhealthyAbove);
        return () -> {
            long start = clock.nanoTime();
            CheckResult result = check.check();
            Duration took = Duration.ofNanos(clock.nanoTime() - start);
            if (result.status() == Status.UNHEALTHY || took.compareTo(degradedAbove) <= 0) {
                return result;
            }
            String message = "took " + took.toMillis() + " ms";
            if (took.compareTo(unhealthyAbove) > 0) {
                return withDetailsOf(result, CheckResult.unhealthy(ReasonCategory.LATENCY, message));
            }
            return result.status() == Status.DEGRADED
                    ? result
                    : withDetailsOf(result, CheckResult.degraded(ReasonCategory.LATENCY, message));
        };
    }

    private static CheckResult withDetailsOf(CheckResult original, CheckResult slow) {
        CheckResult result = slow;
        for (Map.Entry<String, String> detail : original.details().entrySet()) {
            result = result.withDetail(detail.getKey(), detail.getValue());
        }
        return result;
    }

    private static CheckResult judge(int httpStatus) {
        if (httpStatus >= 200 && httpStatus < 300) {
            return CheckResult.healthy();
        }
        ReasonCategory reason = switch (httpStatus) {
            case 401, 403, 407 -> ReasonCategory.AUTHENTICATION;
            case 429, 503 -> ReasonCategory.OVERLOAD;
            case 408, 504 -> ReasonCategory.TIMEOUT;
            default -> ReasonCategory.INVALID_RESPONSE;
        };
        return CheckResult.unhealthy(reason, "HTTP status " + httpStatus);
    }

    private static CheckResult judge(Instant end, Instant now, Duration degradedWithin, Duration unhealthyWithin) {
        Duration left = Duration.between(now, end);
        String message =
                left.isNegative() ? "a certificate has expired" : "a certificate expires in " + left.toDays() + " days";
        CheckResult result = left.compareTo(unhealthyWithin) <= 0
                ? CheckResult.unhealthy(ReasonCategory.EXPIRY, message)
                : left.compareTo(degradedWithin) <= 0
                        ? CheckResult.degraded(ReasonCategory.EXPIRY, message)
                        : CheckResult.healthy();
        return result.withDetail("firstExpiry", end);
    }

    private static void orderedLimits(Duration smaller, Duration larger) {
        Args.check(!smaller.isNegative(), "limit", smaller, "not negative");
        Args.check(larger.compareTo(smaller) >= 0, "limit", larger, "at least the other limit, " + smaller);
    }
}
