package dev.tentpole.benchmarks.streaming;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A buffer that pushes to its consumer on a thread of its own. */
abstract class Pushed implements Pipe, AutoCloseable {

    private static final int STEP = 1_000;

    private final Sum sum = new Sum();
    private volatile long delivered;
    private volatile @Nullable Thread waiting;
    private long counted;
    private long awaited;

    static Pushed of(String implementation) {
        return implementation.equals("reactor") ? new Reactor() : new Submission();
    }

    final void deliver(Integer message) {
        sum.add(message);
        counted++;
        if (counted % STEP == 0) {
            delivered = counted;
            LockSupport.unpark(waiting);
        }
    }

    final void await(int messages) {
        waiting = Thread.currentThread();
        long target = Math.max(awaited, delivered) + messages;
        while (delivered < target) {
            LockSupport.park(this);
        }
        awaited = target;
    }

    @Override
    public final int drain(int max) {
        throw new UnsupportedOperationException("messages are pushed");
    }

    @Override
    public abstract void close();

    /** The JDK's. */
    private static final class Submission extends Pushed {

        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>(executor, CAPACITY);

        Submission() {
            publisher.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(Integer message) {
                    deliver(message);
                }

                @Override
                public void onError(Throwable thrown) {}

                @Override
                public void onComplete() {}
            });
        }

        @Override
        public Inlet inlet() {
            return message -> {
                int unused = publisher.offer(message, null);
            };
        }

        @Override
        public void close() {
            publisher.close();
            executor.shutdownNow();
        }
    }

    /** Reactor's buffer between a source without backpressure and a thread that consumes. */
    private static final class Reactor extends Pushed {

        private final Scheduler scheduler = Schedulers.newSingle("consumer");
        private final Disposable subscribed;
        private @Nullable FluxSink<Integer> sink;

        Reactor() {
            subscribed = Flux.<Integer>create(created -> sink = created, FluxSink.OverflowStrategy.IGNORE)
                    .onBackpressureBuffer(CAPACITY, dropped -> {}, BufferOverflowStrategy.DROP_LATEST)
                    .publishOn(scheduler, 256)
                    .subscribe(this::deliver);
        }

        @Override
        public Inlet inlet() {
            FluxSink<Integer> to = java.util.Objects.requireNonNull(sink);
            return message -> {
                FluxSink<Integer> unused = to.next(message);
            };
        }

        @Override
        public void close() {
            subscribed.dispose();
            scheduler.dispose();
        }
    }
}
