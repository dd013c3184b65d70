package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PoolMetricsTest {

    @Test
    void meters_show_the_statistics_and_go_with_the_binder() {
        FakeSurroundings time = new FakeSurroundings();
        Pool<Thing> pool = time.open(PoolSettings.named("things").size(3, 5), new Thing.Maker());
        time.settle();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        PoolMetrics metrics = new PoolMetrics(pool);
        metrics.bindTo(meters);
        assertThatThrownBy(() -> metrics.bindTo(meters)).isInstanceOf(IllegalStateException.class);
        Lease<Thing> lease = pool.acquire();
        assertThat(meters.get("tentpole.pool.active")
                        .tag("pool", "things")
                        .gauge()
                        .value())
                .isOne();
        assertThat(meters.get("tentpole.pool.idle").gauge().value()).isEqualTo(2);
        assertThat(meters.get("tentpole.pool.max").gauge().value()).isEqualTo(5);
        time.spend(java.time.Duration.ofSeconds(3));
        lease.invalidate(new IllegalStateException());
        assertThat(meters.get("tentpole.pool.usage").functionTimer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(3);
        assertThat(meters.get("tentpole.pool.closed")
                        .tag("reason", "invalidated")
                        .functionCounter()
                        .count())
                .isOne();
        assertThat(meters.get("tentpole.pool.open").functionTimer().count()).isEqualTo(3);
        metrics.close();
        metrics.close();
        assertThat(meters.getMeters()).isEmpty();
    }
}
