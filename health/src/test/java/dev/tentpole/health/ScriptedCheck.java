package dev.tentpole.health;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A check that says what it was told to say, and counts how often it was asked. */
final class ScriptedCheck implements HealthCheck {

    static final CheckResult UP = CheckResult.healthy();
    static final CheckResult DEGRADED = CheckResult.degraded(ReasonCategory.LATENCY, "slow");
    static final CheckResult DOWN = CheckResult.unhealthy(ReasonCategory.CONNECTION, "down");

    private final AtomicInteger runs = new AtomicInteger();
    private volatile CheckResult result = UP;

    ScriptedCheck says(CheckResult next) {
        result = next;
        return this;
    }

    int runs() {
        return runs.get();
    }

    @Override
    public CheckResult check() {
        runs.incrementAndGet();
        return result;
    }

    /** A check that hangs until the latch opens, deaf to interruption. */
    static HealthCheck deaf(CountDownLatch entered, CountDownLatch release) {
        return () -> {
            entered.countDown();
            boolean interrupted = false;
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return CheckResult.healthy("interrupted=" + interrupted);
        };
    }
}
