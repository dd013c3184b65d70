package dev.tentpole.benchmarks.streaming;

import java.util.ArrayList;
import java.util.List;

/** Threads that offer as fast as they can. */
final class Producers implements AutoCloseable {

    private static final Integer MESSAGE = 1_000;

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Producers(Pipe pipe, int count) {
        for (int i = 0; i < count; i++) {
            Pipe.Inlet inlet = pipe.inlet();
            Thread thread = new Thread(() -> run(inlet), "producer-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void run(Pipe.Inlet inlet) {
        while (!stopped) {
            inlet.offer(MESSAGE);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
