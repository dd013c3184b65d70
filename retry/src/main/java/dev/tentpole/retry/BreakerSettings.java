package dev.tentpole.retry;

import dev.tentpole.base.Args;
import dev.tentpole.base.CoarseClock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a {@link CircuitBreaker} was built with: checked, and in the units that it reckons in. */
final class BreakerSettings {

    private static final int MOST_CALLS = 100_000;
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration SHORTEST_SLOW = CoarseClock.TICK;
    private static final int MAX_PROBES = 1_000;

    final double failureRate;
    final double slowCallRate;
    final int minimumCalls;
    final int probes;
    final long probeNanos;

    /** The largest number if no call is slow. */
    final long slowCallNanos;

    private final @Nullable Duration timeWindow;
    private final int countWindow;
    private final long openNanos;
    private final double openJitter;
    private final long maxAdviceNanos;

    BreakerSettings(CircuitBreaker.Builder builder) {
        check(builder);
        failureRate = builder.failureRate;
        slowCallRate = builder.slowCallRate;
        slowCallNanos = builder.slowCallDuration == null ? Long.MAX_VALUE : builder.slowCallDuration.toNanos();
        minimumCalls = builder.minimumCalls;
        openNanos = builder.openFor.toNanos();
        openJitter = builder.openJitter;
        maxAdviceNanos = builder.maxAdvice.toNanos();
        probes = builder.probes;
        probeNanos = builder.probeTimeout.toNanos();
        timeWindow = builder.timeWindow;
        countWindow = builder.countWindow;
    }

    private static void check(CircuitBreaker.Builder builder) {
        checkShare("failureRate", builder.failureRate);
        checkShare("slowCallRate", builder.slowCallRate);
        if (builder.slowCallDuration != null) {
            Args.inRange("slowCallDuration", builder.slowCallDuration, SHORTEST_SLOW, LONGEST);
        }
        if (builder.timeWindow != null) {
            Args.inRange("timeWindow", builder.timeWindow, SHORTEST_WINDOW, LONGEST);
        }
        Args.inRange("countWindow", builder.countWindow, 1, MOST_CALLS);
        Args.inRange(
                "minimumCalls", builder.minimumCalls, 1, builder.timeWindow == null ? builder.countWindow : MOST_CALLS);
        Args.inRange("openFor", builder.openFor, SHORTEST, LONGEST);
        Args.check(builder.openJitter >= 0 && builder.openJitter <= 1, "openJitter", builder.openJitter, "0.0 to 1.0");
        Args.inRange("maxAdvice", builder.maxAdvice, Duration.ZERO, LONGEST);
        Args.inRange("probes", builder.probes, 1, MAX_PROBES);
        Args.inRange("probeTimeout", builder.probeTimeout, SHORTEST, LONGEST);
    }

    private static void checkShare(String name, double share) {
        Args.check(share > 0 && share <= 1, name, share, "above 0.0, to 1.0");
    }

    boolean watchesSlow() {
        return slowCallNanos != Long.MAX_VALUE;
    }

    /** An empty window. */
    Window window(long now) {
        return timeWindow == null
                ? new CountWindow(countWindow, watchesSlow())
                : new TimeWindow(timeWindow.toNanos(), now);
    }

    /** How long to stay open, after a failure that came with this advice. */
    long openNanos(@Nullable Duration advice, RandomGenerator random) {
        long nanos = openNanos + (long) (openNanos * openJitter * random.nextDouble());
        return advice == null ? nanos : Math.max(nanos, Math.min(maxAdviceNanos, Engine.nanos(advice)));
    }
}
