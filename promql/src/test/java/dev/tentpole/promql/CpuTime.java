package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.Consumer;
import java.util.function.Function;

/** Processor time of the calling thread, into which other work on the machine does not count. */
final class CpuTime {

    private CpuTime() {}

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
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = threads.getCurrentThreadCpuTime();
            action.accept(input);
            best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
        }
        return best;
    }
}
