package dev.tentpole.streaming;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session and which of the wanted channels it has acknowledged. For the loop's thread.
 *
 * <p>While a second session is made before the first one is closed, what the second one brings waits here.
 */
final class Attachment<T> {

    final Session<T> session;
    final Set<String> unacknowledged = new LinkedHashSet<>();
    final Map<String, Integer> asked = new HashMap<>();
    final Map<String, Shadow<T>> shadows = new HashMap<>();
    boolean opened;

    Attachment(Session<T> session) {
        this.session = session;
    }

    /** Whether everything that is wanted is acknowledged. */
    boolean isReady() {
        return opened && session.isOpen() && unacknowledged.isEmpty();
    }

    void forget(String channel) {
        unacknowledged.remove(channel);
        asked.remove(channel);
        shadows.remove(channel);
    }

    /** Keeps a message until this session takes over. Beyond the limits it is not kept; the next one shows the hole. */
    void hold(String channel, StreamMessage<T> message, ConnectionSettings settings) {
        Shadow<T> shadow = shadows.get(channel);
        if (shadow != null
                && shadow.messages.size() < settings.maxReplay
                && shadow.bytes + message.bytes() <= settings.maxMessageBytes) {
            shadow.messages.add(message);
            shadow.bytes += message.bytes();
        }
    }

    /** What a second session said of a channel, to be told when it takes over. */
    static final class Shadow<T> {

        final @Nullable StreamPosition position;
        final boolean recovering;
        final List<StreamMessage<T>> messages = new ArrayList<>();
        long bytes;

        Shadow(@Nullable StreamPosition position, boolean recovering) {
            this.position = position;
            this.recovering = recovering;
        }
    }
}
