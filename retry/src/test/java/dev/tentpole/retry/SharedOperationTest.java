package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

/** An operation is a constant that outlives those who make calls by it, and may be that of several. */
final class SharedOperationTest {

    private final Operation read = Operation.idempotent("orders.read");

    @Test
    void each_retryer_counts_its_own_calls_whichever_came_first_or_is_closed() throws Exception {
        try (Retryer second = Retryer.builder().build()) {
            try (Retryer first = Retryer.builder().build()) {
                call(first, 3);
                call(second, 5);
                call(first, 4);
                assertThat(first.engine().state(read).succeeded()).isEqualTo(7);
                assertThat(second.engine().state(read).succeeded()).isEqualTo(5);
            }
            call(second, 2);
            assertThat(second.engine().state(read).succeeded()).isEqualTo(7);
        }
    }

    @Test
    void each_retryer_has_its_own_policy_for_it() throws Exception {
        try (Retryer first = Retryer.builder().build();
                Retryer second = Retryer.builder()
                        .defaultPolicy(
                                Policy.builder().refuse("closed for today").build())
                        .build()) {
            call(first, 1);
            assertThatExceptionOfType(CallRejectedException.class)
                    .isThrownBy(() -> call(second, 1))
                    .withMessageContaining("closed for today");
            call(first, 1);
        }
    }

    @Test
    void an_operation_does_not_keep_a_closed_retryer_in_memory() throws Exception {
        Retryer first = Retryer.builder().build();
        call(first, 1);
        assertThat(read.state).isSameAs(first.engine().state(read));
        first.close();
        assertThat(read.state).isNull();
        assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> call(first, 1));
        assertThat(read.state).isNull();
        try (Retryer second = Retryer.builder().build()) {
            call(second, 1);
            assertThat(read.state).isSameAs(second.engine().state(read));
        }
    }

    private void call(Retryer retryer, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(retryer.call(read, () -> "a")).isEqualTo("a");
        }
    }
}
