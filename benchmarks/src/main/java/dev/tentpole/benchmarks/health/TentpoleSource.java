package dev.tentpole.benchmarks.health;

import dev.tentpole.health.CheckResult;
import dev.tentpole.health.CheckSettings;
import dev.tentpole.health.Group;
import dev.tentpole.health.HealthRegistry;
import dev.tentpole.health.HealthRenderer;
import dev.tentpole.health.Status;
import java.time.Duration;

/** A registry whose checks have run once, and run on at their default interval. */
final class TentpoleSource implements HealthSource {

    private final HealthRegistry health;

    TentpoleSource(int checks, boolean slow, boolean precise) throws InterruptedException {
        HealthRegistry.Builder builder = HealthRegistry.builder().preciseReads(precise);
        for (int i = 0; i < checks; i++) {
            builder.check(CheckSettings.remote("check-" + i).build(), () -> {
                HealthSource.work(slow);
                return CheckResult.healthy();
            });
        }
        health = builder.build();
        if (health.refreshAll(Duration.ofSeconds(10)).status() != Status.HEALTHY) {
            throw new IllegalStateException("not healthy: " + health.report());
        }
    }

    @Override
    public Object read() {
        return health.report();
    }

    @Override
    public String body() {
        return HealthRenderer.standard().json(health.report(), Group.READY);
    }

    @Override
    public int checks() {
        return health.report().checks().size();
    }

    @Override
    public void close() {
        health.close();
    }
}
