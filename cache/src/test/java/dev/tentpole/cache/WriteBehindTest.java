package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.cache.WriteBehind.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes behind to a target that does nothing for a while. */
@Timeout(60)
final class WriteBehindTest {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final List<String> tried = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch trying = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile boolean up;

    private final WriteBehind writes = new WriteBehind(
            new WriteBehind.Target() {
                @Override
                public boolean write(String key, Operation operation) {
                    trying.countDown();
                    try {
                        assertThat(open.await(20, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    tried.add((operation.bytes() == null ? "remove " : "write ") + key);
                    return up;
                }

                @Override
                public Map.Entry<String, Operation> removalOfAll() {
                    return Map.entry("all", Operation.lastingWrite(new byte[1], Duration.ofDays(1)));
                }
            },
            10,
            1_000);

    private void flush() {
        assertThat(writes.flush(PATIENCE_NANOS)).isTrue();
    }

    @Test
    void a_removal_is_not_forgotten_by_a_write_that_comes_while_it_is_tried_and_fails_too() throws Exception {
        writes.add("a", Operation.REMOVAL);
        assertThat(trying.await(20, TimeUnit.SECONDS)).isTrue();
        writes.add("a", Operation.write(new byte[1], Duration.ofDays(1)));
        open.countDown();
        flush();
        assertThat(tried).containsExactly("remove a", "write a");
        up = true;
        writes.resume();
        flush();
        writes.resume();
        flush();
        assertThat(tried).containsExactly("remove a", "write a", "remove a");
        writes.close();
    }

    @Test
    void removals_are_bounded_and_one_operation_takes_the_place_of_too_many() {
        open.countDown();
        for (int i = 0; i <= WriteBehind.MOST_REMOVALS; i++) {
            writes.add("k" + i, Operation.REMOVAL);
        }
        flush();
        tried.clear();
        up = true;
        writes.resume();
        flush();
        assertThat(tried).contains("write all").hasSizeLessThan(10);
        writes.close();
    }
}
