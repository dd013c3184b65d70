package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Processor time of the calling thread, into which other work on the machine does not count. */
final class CpuTime {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuTime() {}

    /** Fails tests that take longer than anything linear does; what takes the square of 100,000 takes minutes. */
    static final class Limit implements BeforeTestExecutionCallback, AfterTestExecutionCallback {

        static final Duration EACH = Duration.ofSeconds(20);

        private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Limit.class);

        @Override
        public void beforeTestExecution(ExtensionContext context) {
            context.getStore(NAMESPACE).put(context.getUniqueId(), THREADS.getCurrentThreadCpuTime());
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            long start = context.getStore(NAMESPACE).get(context.getUniqueId(), Long.class);
            assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start))
                    .isLessThan(EACH);
        }
    }

    /**
     * Holds the time that something takes to about linear in the length of a text.
     *
     * @param part what the text is made of
     * @param end what stands behind the parts
     * @param prepare is not measured
     * @param action is
     */
    static <T> void assertLinear(String part, String end, int length, Function<String, T> prepare, Consumer<T> action) {
        T sixteenth = prepare.apply(part.repeat(length / 16 / part.length()) + end);
        T whole = prepare.apply(part.repeat(length / part.length()) + end);
        bestOfFive(sixteenth, action);
        // Linear is 16, quadratic would be 256; what is between is room for caches and collections of garbage.
        assertThat((double) bestOfFive(whole, action) / bestOfFive(sixteenth, action))
                .as(part)
                .isLessThan(64);
    }

    private static <T> long bestOfFive(T input, Consumer<T> action) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = THREADS.getCurrentThreadCpuTime();
            action.accept(input);
            best = Math.min(best, THREADS.getCurrentThreadCpuTime() - start);
        }
        return best;
    }
}
