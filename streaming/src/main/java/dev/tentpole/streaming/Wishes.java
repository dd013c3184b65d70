package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The channels that are wanted of a connection, and how its loop comes to know of them: in the order in which they came to
 * be wanted and not. Safe for use by several threads.
 */
final class Wishes<T> {

    private final String connection;
    private final int maxChannels;
    private final EventLoop loop;
    private final Machine<T> machine;
    private final Map<String, Wanted<T>> channels = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    Wishes(String connection, int maxChannels, EventLoop loop, Machine<T> machine) {
        this.connection = connection;
        this.maxChannels = maxChannels;
        this.loop = loop;
        this.machine = machine;
    }

    /** See {@link StreamConnection#subscribe(String, String, Optional)}. */
    CompletionStage<Void> add(String channel, String topic, Optional<StreamPosition> after) {
        Args.notBlank("channel", channel);
        TopicPattern.requireTopic(topic);
        ConnectionState state = machine.life().state();
        if (state == ConnectionState.CLOSED || state == ConnectionState.DRAINING) {
            throw new StreamingException(StreamingException.Problem.CLOSED, "connection " + connection + " is closed");
        }
        CompletionStage<Void> acknowledged;
        Wanted<T> wanted;
        lock.lock();
        try {
            if (channels.size() >= maxChannels && !channels.containsKey(channel)) {
                throw new StreamingException(
                        StreamingException.Problem.TOO_MANY_SUBSCRIPTIONS,
                        "connection " + connection + " has maxChannels = " + maxChannels + " channels");
            }
            wanted = channels.computeIfAbsent(
                    channel,
                    key -> new Wanted<>(key, topic, after.orElse(null), gone -> channels.remove(gone.name(), gone)));
            Args.check(
                    wanted.topic().equals(topic),
                    "topic",
                    topic,
                    wanted.topic() + ", as channel " + channel + " has it");
            acknowledged =
                    wanted.told(told -> loop.execute(() -> machine.channels().want(wanted, told)));
        } finally {
            lock.unlock();
        }
        if (machine.life().state() == ConnectionState.CLOSED) {
            // The loop may have ended before it saw the task.
            wanted.giveUp(new ConnectionException(
                    ConnectionReason.REQUESTED, 0, "connection " + connection + " is closed", null));
            channels.remove(channel, wanted);
        }
        return acknowledged;
    }

    /** See {@link StreamConnection#unsubscribe}. */
    boolean remove(String channel) {
        lock.lock();
        try {
            Wanted<T> wanted = channels.remove(channel);
            if (wanted != null) {
                loop.execute(() -> machine.channels().unwant(wanted));
            }
            return wanted != null;
        } finally {
            lock.unlock();
        }
    }

    Set<String> names() {
        return Set.copyOf(channels.keySet());
    }

    Optional<StreamPosition> position(String channel) {
        Wanted<T> wanted = channels.get(channel);
        return wanted == null ? Optional.empty() : Optional.ofNullable(wanted.last());
    }
}
