package dev.tentpole.health;

import dev.tentpole.base.NanoClock;
import dev.tentpole.health.CheckReport.Facts;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One registered check and how far it has come. Guarded by the engine's lock, but for the reading of {@link #isQuiet}.
 * Times are nanoseconds since the registry's start.
 */
final class CheckEntry {

    private static final long NEVER_QUIET = Long.MIN_VALUE;
    private static final int QUIET_PART = 10;

    final CheckSettings settings;
    final HealthCheck check;
    CheckState state;

    @Nullable
    Run run;

    boolean registered = true;
    long due;

    private final Hysteresis hysteresis;
    private volatile long quietSuccessUntil = NEVER_QUIET;
    private volatile long quietFailureUntil = NEVER_QUIET;

    CheckEntry(CheckSettings settings, HealthCheck check, long due) {
        this.settings = settings;
        this.check = check;
        this.due = due;
        this.state = new CheckState(settings);
        this.hysteresis = new Hysteresis(settings.failureThreshold(), settings.successThreshold());
    }

    String name() {
        return settings.name();
    }

    /** Takes a result in; {@code durationNanos} is negative for one that no run brought. */
    void apply(CheckResult result, long now, Instant wall, NanoClock clock, long durationNanos) {
        Facts before = state.facts();
        if (before == null || state.isStaleAt(now)) {
            hysteresis.restart(result.status());
        } else {
            hysteresis.accept(result.status());
        }
        boolean failure = result.status() == Status.UNHEALTHY;
        Facts facts = new Facts(
                hysteresis.status(),
                result,
                wall,
                now,
                clock,
                durationNanos >= 0 ? durationNanos : before == null ? 0 : before.durationNanos(),
                hysteresis.failures(),
                hysteresis.successes(),
                failure ? wall : before == null ? null : before.lastFailureAt(),
                failure ? (before == null ? null : before.lastSuccessAt()) : wall);
        long believed = result.timeToLive()
                .map(time -> time.plus(settings.timeout()))
                .orElse(settings.staleAfter())
                .toNanos();
        state = state.with(facts, now + believed);
        beQuiet(result.status(), now);
    }

    /** The next start after a run that began at the given time and has brought its result. */
    long dueAfterRun(long startedAt, long now, double random) {
        Facts facts = state.facts();
        if (facts != null && facts.result().timeToLive().isPresent()) {
            long time = facts.result().timeToLive().get().toNanos();
            return now + time - Math.round(time * settings.jitter() * random);
        }
        return Math.max(now, startedAt + interval(random));
    }

    /** The time to the next run as things stand, with its jitter; {@code random} is in 0..1. */
    long interval(double random) {
        return intervalAfter(hysteresis.status(), random);
    }

    /** The time to the next run after a signal: one failure is reason enough to look soon. */
    long intervalAfter(Status signal, double random) {
        boolean well = signal == Status.HEALTHY && hysteresis.status() == Status.HEALTHY;
        Duration interval = well ? settings.interval() : settings.intervalWhenFailing();
        long nanos = interval.toNanos();
        return nanos + Math.round(nanos * settings.jitter() * (2 * random - 1));
    }

    /**
     * Whether a passive signal would change nothing worth a lock: the status agrees with it, the last result too, and
     * that is younger than a tenth of the interval. Any thread may ask.
     */
    boolean isQuiet(Status signal, long now) {
        long until = signal == Status.HEALTHY ? quietSuccessUntil : quietFailureUntil;
        return now < until;
    }

    private void beQuiet(Status outcome, long now) {
        long soon = Math.min(state.staleAt(), now + settings.interval().toNanos() / QUIET_PART);
        long until = hysteresis.status() == outcome ? soon : NEVER_QUIET;
        quietSuccessUntil = outcome == Status.HEALTHY ? until : NEVER_QUIET;
        quietFailureUntil = outcome == Status.UNHEALTHY ? until : NEVER_QUIET;
    }
}
