package dev.tentpole.streaming;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A channel that is wanted. */
final class Wanted<T> {

    private final String name;
    private final String topic;
    private final @Nullable StreamPosition from;
    private final Consumer<Wanted<T>> whenGone;
    private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
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

    CompletableFuture<Void> acknowledged() {
        return acknowledged;
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
