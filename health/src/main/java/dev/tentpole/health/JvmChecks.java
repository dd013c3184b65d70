package dev.tentpole.health;

import dev.tentpole.base.Args;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** Checks of the virtual machine itself. */
final class JvmChecks {

    private static final int SHOWN_THREADS = 10;
    private static final int PER_CENT = 100;

    private JvmChecks() {}

    static HealthCheck heapAfterGc(double degradedAbove, double unhealthyAbove) {
        Args.check(degradedAbove >= 0 && degradedAbove <= 1, "degradedAbove", degradedAbove, "in 0..1");
        Args.check(
                unhealthyAbove >= degradedAbove && unhealthyAbove <= 1,
                "unhealthyAbove",
                unhealthyAbove,
                "from degradedAbove to 1");
        return () -> judgeHeap(
                usedAfterGc(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax(),
                degradedAbove,
                unhealthyAbove);
    }

    static CheckResult judgeHeap(long used, long max, double degradedAbove, double unhealthyAbove) {
        if (max <= 0) {
            return CheckResult.healthy("the heap has no limit");
        }
        double part = (double) used / max;
        String message = Math.round(part * PER_CENT) + "% of the heap in use after garbage collection";
        CheckResult result = part > unhealthyAbove
                ? CheckResult.unhealthy(ReasonCategory.CAPACITY, message)
                : part > degradedAbove ? CheckResult.degraded(ReasonCategory.CAPACITY, message) : CheckResult.healthy();
        return result.withDetail("usedAfterGcBytes", used).withDetail("maxBytes", max);
    }

    /** Zero before the first collection. */
    private static long usedAfterGc() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    static HealthCheck deadlockedThreads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return () -> {
            long[] ids = threads.findDeadlockedThreads();
            if (ids == null) {
                return CheckResult.healthy();
            }
            String names = Arrays.stream(threads.getThreadInfo(ids))
                    .filter(Objects::nonNull)
                    .limit(SHOWN_THREADS)
                    .map(ThreadInfo::getThreadName)
                    .collect(Collectors.joining(", "));
            return CheckResult.unhealthy(ReasonCategory.OTHER, ids.length + " threads are deadlocked")
                    .withDetail("threads", names);
        };
    }
}
