package dev.tentpole.streaming;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A call of a component that may block, made elsewhere, with its end told on the loop exactly once: its result, what it
 * threw, or that it took too long. After {@link #cancel} nothing is told. A component that does not mind being interrupted
 * may go on after that; one that has not begun never begins.
 */
final class BlockingCall<V> {

    private enum Progress {
        WAITING,
        RUNNING,
        OVER
    }

    private final EventLoop loop;
    private final Executor executor;
    private final BiConsumer<@Nullable V, @Nullable Throwable> whenOver;
    private final FutureTask<Void> task;
    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.WAITING);
    private EventLoop.Timer timer = EventLoop.Timer.NONE;
    private boolean over;

    private BlockingCall(
            EventLoop loop,
            Executor executor,
            Callable<V> call,
            BiConsumer<@Nullable V, @Nullable Throwable> whenOver) {
        this.loop = loop;
        this.executor = executor;
        this.whenOver = whenOver;
        this.task = new FutureTask<>(() -> attempt(call), null);
    }

    static <V> BlockingCall<V> start(
            EventLoop loop,
            Executor executor,
            long timeoutNanos,
            Callable<V> call,
            BiConsumer<@Nullable V, @Nullable Throwable> whenOver) {
        BlockingCall<V> made = new BlockingCall<>(loop, executor, call, whenOver);
        made.timer = loop.schedule(timeoutNanos, () -> {
            made.giveUp();
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
        giveUp();
    }

    /** Whether the component is at it, perhaps though nobody waits for it any more; for any thread. */
    boolean isRunning() {
        return progress.get() == Progress.RUNNING;
    }

    private void giveUp() {
        progress.compareAndSet(Progress.WAITING, Progress.OVER);
        task.cancel(true);
        if (executor instanceof ThreadPoolExecutor pool) {
            pool.remove(task);
        }
    }

    private void attempt(Callable<V> call) {
        if (!progress.compareAndSet(Progress.WAITING, Progress.RUNNING)) {
            return;
        }
        V result;
        try {
            result = call.call();
        } catch (Throwable e) {
            progress.set(Progress.OVER);
            loop.execute(() -> finish(null, e));
            return;
        }
        progress.set(Progress.OVER);
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
