package dev.tentpole.examples;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what the machine and this JVM are doing. What a platform does not tell is missing or NaN.
 */
final class HostReadings {

    private static final Path NETWORK = Path.of("/proc/net/dev");
    private static final OperatingSystemMXBean OS = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private HostReadings() {}

    /** Processor and memory of the machine; loads are 0 to 100, sizes are bytes. */
    record Host(double cpuPercent, double load1, long memoryUsed, long memoryTotal, long swapUsed) {}

    /** This JVM; times and counts since it started, sizes in bytes. */
    record Jvm(double cpuPercent, long heapUsed, long heapCommitted, int threads, long gcCount, long gcMillis) {}

    /** A file system; bytes. */
    record Disk(String mount, String type, long used, long total) {}

    /** Bytes since the machine started. */
    record Network(long received, long sent) {}

    static Host host() {
        return new Host(
                percent(OS.getCpuLoad()),
                OS.getSystemLoadAverage() < 0 ? Double.NaN : OS.getSystemLoadAverage(),
                OS.getTotalMemorySize() - OS.getFreeMemorySize(),
                OS.getTotalMemorySize(),
                OS.getTotalSwapSpaceSize() - OS.getFreeSwapSpaceSize());
    }

    static Jvm jvm() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long gcCount = 0;
        long gcMillis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            gcCount += Math.max(0, collector.getCollectionCount());
            gcMillis += Math.max(0, collector.getCollectionTime());
        }
        return new Jvm(
                percent(OS.getProcessCpuLoad()),
                heap.getUsed(),
                heap.getCommitted(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                gcCount,
                gcMillis);
    }

    /** The file systems that hold something; a device that is mounted twice counts once. */
    static List<Disk> disks() {
        Map<String, Disk> byDevice = new LinkedHashMap<>();
        for (FileStore store : FileSystems.getDefault().getFileStores()) {
            disk(store).ifPresent(disk -> byDevice.putIfAbsent(store.name() + disk.total(), disk));
        }
        return List.copyOf(byDevice.values());
    }

    private static Optional<Disk> disk(FileStore store) {
        try {
            long total = store.getTotalSpace();
            return total == 0
                    ? Optional.empty()
                    : Optional.of(new Disk(mount(store), store.type(), total - store.getUnallocatedSpace(), total));
        } catch (IOException e) {
            // A file system that can't be read now, for instance a dead network mount, has no reading now.
            return Optional.empty();
        }
    }

    /** On Unix the text is "mount (device)"; there is no other way to the mount point. */
    private static String mount(FileStore store) {
        String text = store.toString();
        int device = text.lastIndexOf(" (");
        return device > 0 ? text.substring(0, device) : text;
    }

    /** Traffic by interface; empty where the platform has no {@code /proc/net/dev}. */
    static Map<String, Network> networks() throws IOException {
        Map<String, Network> networks = new LinkedHashMap<>();
        if (Files.isReadable(NETWORK)) {
            for (String line : Files.readAllLines(NETWORK)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    List<String> numbers = words(line.substring(colon + 1));
                    networks.put(
                            line.substring(0, colon).strip(),
                            new Network(Long.parseLong(numbers.get(0)), Long.parseLong(numbers.get(8))));
                }
            }
        }
        return networks;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.strip().split("\\s+", -1)) {
            words.add(word);
        }
        return words;
    }

    private static double percent(double ratio) {
        return ratio < 0 ? Double.NaN : ratio * 100;
    }
}
