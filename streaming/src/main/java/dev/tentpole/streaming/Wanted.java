package dev.tentpole.streaming;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A channel that is wanted. For the loop's thread, but for its names and its last position. */
final class Wanted<T> {

    private final String name;
    private final String topic;
    private final @Nullable StreamPosition from;
    private final Consumer<Wanted<T>> whenGone;
    private final ReentrantLock lock = new ReentrantLock();
    private CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);
    private CompletionStage<Void> stage = told.minimalCompletionStage();
    private volatile @Nullable ChannelFeed<T> feed;
    private @Nullable ChannelInbox<T> inbox;

    Wanted(String name, String topic, @Nullable StreamPosition from, Consumer<Wanted<T>> whenGone) {
        this.name = name;
        this.topic = topic;
        this.from = from;
        this.whenGone = whenGone;
    }

    void attach(ChannelInbox<T> itsInbox, ChannelFeed<T> itsFeed) {
        inbox = itsInbox;
        feed = itsFeed;
    }

    boolean isAttached() {
        return feed != null;
    }

    String name() {
        return name;
    }

    String topic() {
        return topic;
    }

    @Nullable
    StreamPosition from() {
        return from;
    }

    /** Done when the server has acknowledged it for the first time; for the loop's thread. */
    CompletableFuture<Void> acknowledged() {
        return acknowledged;
    }

    /**
     * What whoever wants it is handed out, for any thread: one stage for all, until it is done. For each new one the loop
     * is to be asked to see to it.
     */
    CompletionStage<Void> told(Consumer<CompletableFuture<Void>> ask) {
        lock.lock();
        try {
            if (told.isDone()) {
                told = new CompletableFuture<>();
                stage = told.minimalCompletionStage();
                ask.accept(told);
            }
            return stage;
        } finally {
            lock.unlock();
        }
    }

    /** Tells whoever waits that there will be no acknowledgement; for any thread. */
    void giveUp(ConnectionException why) {
        CompletableFuture<Void> waiting;
        lock.lock();
        try {
            waiting = told;
        } finally {
            lock.unlock();
        }
        waiting.completeExceptionally(why);
    }

    /** Waits for an acknowledgement again, after the connection was given up. */
    void revive() {
        if (acknowledged.isCompletedExceptionally()) {
            acknowledged = new CompletableFuture<>();
        }
    }

    ChannelFeed<T> feed() {
        return Objects.requireNonNull(feed, "feed");
    }

    /** The last position that was passed on, for any thread; null if there is none. */
    @Nullable
    StreamPosition last() {
        ChannelFeed<T> attached = feed;
        return attached == null ? from : attached.last();
    }

    ChannelInbox<T> inbox() {
        return Objects.requireNonNull(inbox, "inbox");
    }

    void gone() {
        whenGone.accept(this);
    }
}
