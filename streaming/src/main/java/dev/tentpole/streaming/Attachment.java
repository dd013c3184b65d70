package dev.tentpole.streaming;

import dev.tentpole.streaming.TokenSource.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session and which of the wanted channels it has acknowledged. For the loop's thread.
 *
 * <p>While a second session is made before the first one is closed, what the second one brings waits here.
 */
final class Attachment<T> {

    final Session<T> session;
    final Map<String, Shadow<T>> shadows = new HashMap<>();
    private final Set<String> unacknowledged = new LinkedHashSet<>();
    private final Map<String, Requests> requests = new HashMap<>();
    private final LinkedHashMap<String, Requests> past = new LinkedHashMap<>();
    private final Set<String> overlapping = new HashSet<>();
    private final int mostPast;
    private Optional<Token> token;
    boolean opened;

    /** Whether one of its messages made no sense, after which those that follow it may not be taken for its successors. */
    boolean garbled;

    Attachment(Session<T> session, Optional<Token> token, int mostPast) {
        this.session = session;
        this.token = token;
        this.mostPast = mostPast;
    }

    /** Whether everything that is wanted is acknowledged. */
    boolean isReady() {
        return opened && session.isOpen() && unacknowledged.isEmpty();
    }

    // ---- the token that the server was told

    void told(Optional<Token> newer) {
        token = newer;
    }

    boolean knows(Token other) {
        return token.filter(told -> told.isSameAs(other)).isPresent();
    }

    // ---- what was asked, and what was answered

    /** A channel is wanted and not acknowledged; returns its requests. */
    Requests wants(String channel) {
        unacknowledged.add(channel);
        Requests known = requests.get(channel);
        if (known == null) {
            Requests earlier = past.remove(channel);
            known = earlier == null ? new Requests() : earlier;
            requests.put(channel, known);
        }
        return known;
    }

    boolean isUnacknowledged(String channel) {
        return unacknowledged.contains(channel);
    }

    /** The server answers; whether that concerns the present subscription, if there is one. */
    boolean isAnswered(String channel, long attempt) {
        Requests asked = requests.getOrDefault(channel, past.get(channel));
        return asked != null && asked.isAnswered(attempt);
    }

    /** The server acknowledges the present subscription; returns whether that was still to come. */
    boolean acknowledge(String channel, long now) {
        Requests asked = requests.get(channel);
        if (asked != null) {
            asked.acknowledged(now);
        }
        return unacknowledged.remove(channel);
    }

    /** Whether what comes of a channel may be meant for a subscription of before the present one. */
    boolean isForEarlier(String channel) {
        Requests asked = requests.get(channel);
        return asked != null && asked.hasPredecessor() && unacknowledged.contains(channel);
    }

    /**
     * This session takes over from one that went on until now: an acknowledgement that is still to come may be of a position
     * that the other one had left behind.
     */
    void takesOver() {
        overlapping.addAll(unacknowledged);
    }

    /** Whether the acknowledgement of a channel is such a one; only once. */
    boolean mayLagBehind(String channel) {
        return overlapping.remove(channel);
    }

    /** A channel is wanted no longer; returns whether the server was asked for it. */
    boolean forget(String channel) {
        unacknowledged.remove(channel);
        overlapping.remove(channel);
        Requests asked = requests.remove(channel);
        if (asked == null) {
            return false;
        }
        Supplier<@Nullable WireMessage> waiting = asked.waiting();
        if (waiting != null) {
            session.writer().unsay(waiting);
        }
        boolean said = asked.times() > 0;
        asked.giveUp();
        past.put(channel, asked);
        if (past.size() > mostPast) {
            past.remove(past.keySet().iterator().next());
        }
        return said;
    }

    // ---- two sessions at once

    /** Keeps a message until this session takes over; says whether there was room. After one that had none, none has. */
    boolean hold(String channel, StreamMessage<T> message, ConnectionSettings settings) {
        Shadow<T> shadow = shadows.get(channel);
        if (shadow == null) {
            return false;
        }
        shadow.full |= shadow.messages.size() >= settings.maxReplay
                || shadow.bytes + message.bytes() > settings.maxMessageBytes;
        if (shadow.full) {
            shadow.lost += message.positionOrNull() == null ? 1 : 0;
            return false;
        }
        shadow.messages.add(message);
        shadow.bytes += message.bytes();
        return true;
    }

    /** What a second session said of a channel, to be told when it takes over. */
    static final class Shadow<T> {

        final @Nullable StreamPosition position;
        final boolean recovering;
        final List<StreamMessage<T>> messages = new ArrayList<>();
        long bytes;
        boolean full;

        /** How many had no room that the next one, having no position, does not show to be missing. */
        long lost;

        Shadow(@Nullable StreamPosition position, boolean recovering) {
            this.position = position;
            this.recovering = recovering;
        }
    }
}
