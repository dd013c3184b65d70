package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    private static Pool<Thing> settledOf(String name) {
        FakeSurroundings time = new FakeSurroundings();
        Pool<Thing> pool = time.open(PoolSettings.named(name).size(1, 1), new Thing.Maker());
        time.settle();
        return pool;
    }

    @Test
    void a_second_pool_of_a_name_is_refused_and_leaves_the_first_one_alone() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        PoolMetrics first = new PoolMetrics(settledOf("same"));
        first.bindTo(meters);
        int count = meters.getMeters().size();
        PoolMetrics second = new PoolMetrics(settledOf("same"));
        assertThatThrownBy(() -> second.bindTo(meters))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("same")
                .hasMessageContaining("PoolSettings.named");
        second.close();
        assertThat(meters.getMeters()).hasSize(count);
        new PoolMetrics(settledOf("other")).bindTo(meters);
        assertThat(meters.getMeters()).hasSize(2 * count);
        first.close();
        second.bindTo(meters);
        assertThat(meters.getMeters()).hasSize(2 * count);
    }

    /** As companies do that give all names a prefix, or that have no use for a tag. */
    @Test
    void a_second_pool_is_refused_where_the_registry_maps_names() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        meters.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.withName("company." + id.getName()).replaceTags(Tags.of("pool", "one of many"));
            }
        });
        PoolMetrics first = new PoolMetrics(settledOf("first"));
        first.bindTo(meters);
        int count = meters.getMeters().size();
        assertThat(count).isPositive();
        PoolMetrics second = new PoolMetrics(settledOf("second"));
        assertThatThrownBy(() -> second.bindTo(meters)).isInstanceOf(IllegalStateException.class);
        second.close();
        assertThat(meters.getMeters()).hasSize(count);
        first.close();
        assertThat(meters.getMeters()).isEmpty();
        second.bindTo(meters);
        assertThat(meters.getMeters()).hasSize(count);
    }

    @Test
    void of_two_that_bind_pools_of_one_name_at_once_one_is_refused() throws Exception {
        Pool<Thing> pool = settledOf("same");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 500; i++) {
                SimpleMeterRegistry meters = new SimpleMeterRegistry();
                CyclicBarrier both = new CyclicBarrier(2);
                Callable<Boolean> binding = () -> {
                    both.await();
                    try {
                        new PoolMetrics(pool).bindTo(meters);
                        return true;
                    } catch (IllegalStateException e) {
                        return false;
                    }
                };
                Future<Boolean> other = threads.submit(binding);
                assertThat(threads.submit(binding).get()).isNotEqualTo(other.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void binding_that_fails_half_way_leaves_nothing_behind() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        meters.counter("tentpole.pool.suspended", "pool", "things");
        PoolMetrics metrics = new PoolMetrics(settledOf("things"));
        assertThatThrownBy(() -> metrics.bindTo(meters)).isInstanceOf(IllegalArgumentException.class);
        assertThat(meters.getMeters()).hasSize(1);
        meters.clear();
        metrics.bindTo(meters);
        assertThat(meters.getMeters()).isNotEmpty();
    }
}
