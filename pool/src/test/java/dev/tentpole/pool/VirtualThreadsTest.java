package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Borrowers on virtual threads, where the JDK has them. */
@Timeout(60)
final class VirtualThreadsTest {

    private static final int BORROWERS = 500;
    private static final int TRIPS = 20;

    @SuppressWarnings("ThreadPriorityCheck") // The yield lets others ask while the object is held.
    @Test
    void waiting_pins_no_carrier() throws IOException, InterruptedException, ReflectiveOperationException {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need JDK 21");
        Path file = Files.createTempFile("pool", ".jfr");
        AtomicInteger trips = new AtomicInteger();
        Thing.Maker maker = new Thing.Maker();
        try (Recording recording = new Recording();
                Pool<Thing> pool = Pool.open(
                        PoolSettings.named("virtual")
                                .size(4, 4)
                                .validateAfterIdle(Duration.ZERO)
                                .build(),
                        maker)) {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ZERO)
                    .withStackTrace();
            recording.start();
            ExecutorService borrowers = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            for (int i = 0; i < BORROWERS; i++) {
                borrowers.execute(() -> {
                    for (int trip = 0; trip < TRIPS; trip++) {
                        try (Lease<Thing> lease = pool.acquire()) {
                            lease.get().isDirty = true;
                            Thread.yield();
                            trips.incrementAndGet();
                        }
                    }
                });
            }
            borrowers.shutdown();
            assertThat(borrowers.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> pinned = RecordingFile.readAllEvents(file).stream()
                .filter(event -> String.valueOf(event.getStackTrace()).contains("dev.tentpole.pool"))
                .toList();
        Files.delete(file);
        assertThat(trips.get()).isEqualTo(BORROWERS * TRIPS);
        assertThat(pinned).isEmpty();
    }
}
