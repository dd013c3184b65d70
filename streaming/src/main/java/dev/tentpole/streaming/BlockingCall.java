package dev.tentpole.streaming;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A call of a component that may block, made elsewhere, with its end told on the loop exactly once: its result, what it
 * threw, or that it took too long. After {@link #cancel} nothing is told.
 */
final class BlockingCall<V> {

    private final EventLoop loop;
    private final BiConsumer<@Nullable V, @Nullable Throwable> whenOver;
    private final FutureTask<Void> task;
    private EventLoop.Timer timer = EventLoop.Timer.NONE;
    private boolean over;

    private BlockingCall(EventLoop loop, Callable<V> call, BiConsumer<@Nullable V, @Nullable Throwable> whenOver) {
        this.loop = loop;
        this.whenOver = whenOver;
        this.task = new FutureTask<>(() -> attempt(call), null);
    }

    static <V> BlockingCall<V> start(
            EventLoop loop,
            Executor executor,
            long timeoutNanos,
            Callable<V> call,
            BiConsumer<@Nullable V, @Nullable Throwable> whenOver) {
        BlockingCall<V> made = new BlockingCall<>(loop, call, whenOver);
        made.timer = loop.schedule(timeoutNanos, () -> {
            made.task.cancel(true);
            made.finish(null, new TimeoutException("took longer than " + timeoutNanos / 1_000_000 + " ms"));
        });
        try {
            executor.execute(made.task);
        } catch (RejectedExecutionException e) {
            loop.execute(() -> made.finish(null, e));
        }
        return made;
    }

    void cancel() {
        over = true;
        timer.cancel();
        task.cancel(true);
    }

    private void attempt(Callable<V> call) {
        V result;
        try {
            result = call.call();
        } catch (Throwable e) {
            loop.execute(() -> finish(null, e));
            return;
        }
        loop.execute(() -> finish(result, null));
    }

    private void finish(@Nullable V result, @Nullable Throwable failure) {
        if (!over) {
            over = true;
            timer.cancel();
            whenOver.accept(result, failure);
        }
    }
}
