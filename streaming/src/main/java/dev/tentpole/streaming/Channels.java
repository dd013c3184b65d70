package dev.tentpole.streaming;

import dev.tentpole.streaming.ConnectionListener.ChannelEvent.Kind;
import dev.tentpole.streaming.ReplaySource.Replayed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The channels that are wanted, and what the server says of them. For the loop's thread.
 *
 * <p>What is wanted is asked for on each new session. A refused channel is wanted no longer, and nothing else changes.
 */
final class Channels<T> implements ChannelFeed.Context<T> {

    private static final int MOST_ASKED = 3;

    private final Machine<T> machine;
    private final StreamProtocol<T> protocol;
    private final @Nullable ReplaySource<T> replays;
    private final EventLoop loop;
    private final Executor replayThreads;
    private final ConnectionSettings settings;
    private final Counters counters;
    private final Outlet<T> outlet;
    private final Map<String, Wanted<T>> wanted = new LinkedHashMap<>();
    private final Map<String, Integer> feeding = new HashMap<>();
    private final Map<String, BlockingCall<List<Replayed<T>>>> replaysUnderWay = new HashMap<>();
    private final IntToLongFunction backoff;
    private boolean draining;
    private long drainingSince;
    private long attempts;

    Channels(
            Machine<T> machine,
            StreamProtocol<T> protocol,
            @Nullable ReplaySource<T> replays,
            Surroundings around,
            ConnectionSettings settings,
            Counters counters,
            Outlet<T> outlet) {
        this.machine = machine;
        this.protocol = protocol;
        this.replays = replays;
        this.loop = around.loop();
        this.replayThreads = around.replays();
        this.settings = settings;
        this.counters = counters;
        this.outlet = outlet;
        Backoff bounds = new Backoff(settings.backoffBase, settings.backoffCap);
        this.backoff = endings -> bounds.delay(endings, around.random().getAsDouble());
    }

    // ---- what the user wants

    /** Wants a channel, unless it is wanted already; tells when it is acknowledged, or that it will not be. */
    void want(Wanted<T> channel, CompletableFuture<Void> told) {
        CompletionStage<Void> ignored = channel.acknowledged().whenComplete((done, failure) -> {
            if (failure == null) {
                told.complete(null);
            } else {
                told.completeExceptionally(failure);
            }
        });
        if (!channel.isAttached()) {
            begin(channel);
        }
    }

    private void begin(Wanted<T> channel) {
        ChannelInbox<T> inbox =
                new ChannelInbox<>(channel.topic(), outlet, counters, machine::isShedding, machine.life()::generation);
        channel.attach(inbox, new ChannelFeed<>(channel.name(), channel.from(), inbox, this));
        if (draining) {
            end(channel, Kind.ENDED, ConnectionReason.REQUESTED, "");
            return;
        }
        wanted.put(channel.name(), channel);
        feeding.merge(channel.topic(), 1, Integer::sum);
        ConnectionException givenUp = machine.life().failure();
        if (givenUp != null) {
            channel.acknowledged().completeExceptionally(givenUp);
        }
        forEachAttachment(attachment -> {
            if (attachment.opened) {
                ask(attachment, channel);
                machine.progressed(attachment);
            }
        });
    }

    void unwant(Wanted<T> channel) {
        if (wanted.remove(channel.name(), channel)) {
            feeding.merge(channel.topic(), -1, Channels::sumOrNothing);
            forEachAttachment(attachment -> {
                discard(attachment, channel.name());
                if (attachment.forget(channel.name()) && attachment.opened) {
                    attachment
                            .session
                            .writer()
                            .control(() -> protocol.unsubscribe(channel.name()).orElse(null));
                }
                machine.progressed(attachment);
            });
            end(channel, Kind.ENDED, ConnectionReason.REQUESTED, "");
        }
    }

    /** The names of the channels that are wanted. */
    Set<String> names() {
        return wanted.keySet();
    }

    private static @Nullable Integer sumOrNothing(int channels, int more) {
        int sum = channels + more;
        return sum == 0 ? null : sum;
    }

    private void forEachAttachment(Consumer<Attachment<T>> action) {
        Attachment<T> current = machine.current();
        Attachment<T> next = machine.next();
        if (current != null) {
            action.accept(current);
        }
        if (next != null) {
            action.accept(next);
        }
    }

    // ---- sessions

    void askAll(Attachment<T> attachment) {
        wanted.values().forEach(channel -> ask(attachment, channel));
    }

    private void ask(Attachment<T> attachment, Wanted<T> channel) {
        String name = channel.name();
        Requests requests = attachment.wants(name);
        if (requests.waiting() != null) {
            return;
        }
        Supplier<@Nullable WireMessage> request = () -> {
            long attempt = ++attempts;
            int times = requests.written(attempt);
            if (protocol.acknowledges()) {
                loop.schedule(
                        settings.ackTimeout.toNanos(), () -> ackMissing(attachment, requests, channel, attempt, times));
            } else {
                loop.execute(() -> {
                    if (attachment.session.isOpen()) {
                        acknowledged(attachment, name, attempt, null, false);
                    }
                });
            }
            return protocol.subscribe(name, Optional.ofNullable(channel.feed().last()), attempt);
        };
        requests.waits(request);
        attachment.session.writer().control(request);
    }

    private void askLater(Attachment<T> attachment, Wanted<T> channel) {
        if (attachment.session.isOpen()
                && wanted.get(channel.name()) == channel
                && attachment.isUnacknowledged(channel.name())) {
            ask(attachment, channel);
        }
    }

    private void ackMissing(Attachment<T> attachment, Requests requests, Wanted<T> channel, long attempt, int times) {
        if (!attachment.session.isOpen() || !attachment.isUnacknowledged(channel.name()) || !requests.isLast(attempt)) {
            return;
        }
        if (times < MOST_ASKED) {
            ask(attachment, channel);
        } else {
            attachment.session.end(Ending.of(
                    ConnectionReason.ACK_TIMEOUT,
                    "subscription to " + channel.name() + " was asked for " + times
                            + " times and not acknowledged within ackTimeout = " + settings.ackTimeout,
                    null));
        }
    }

    void disconnected() {
        wanted.values().forEach(channel -> channel.feed().disconnected());
    }

    /** The connection was given up; what is wanted stays so, for a restart. */
    void failed(ConnectionException failure) {
        wanted.values().forEach(channel -> {
            channel.feed().disconnected();
            channel.acknowledged().completeExceptionally(failure);
        });
    }

    /** Attempts begin anew, and so does the wait for acknowledgements. */
    void revive() {
        wanted.values().forEach(Wanted::revive);
    }

    /** Says good-bye to the server, channel by channel. */
    void unsubscribeAll(Attachment<T> attachment) {
        for (String name : wanted.keySet()) {
            if (attachment.forget(name)) {
                attachment
                        .session
                        .writer()
                        .control(() -> protocol.unsubscribe(name).orElse(null));
            }
        }
    }

    /** What is received from now on is counted and not passed on. */
    void stopIntake() {
        draining = true;
        drainingSince = loop.nanoTime();
    }

    void endAll() {
        List<Wanted<T>> all = new ArrayList<>(wanted.values());
        wanted.clear();
        all.forEach(channel -> end(channel, Kind.ENDED, ConnectionReason.REQUESTED, ""));
    }

    private void end(Wanted<T> channel, Kind kind, ConnectionReason reason, String detail) {
        channel.feed().close();
        channel.inbox().tellLoss();
        channel.acknowledged()
                .completeExceptionally(new ConnectionException(
                        reason,
                        0,
                        "channel " + channel.name() + " has ended" + (detail.isEmpty() ? "" : ": " + detail),
                        null));
        machine.life().event(channel.name(), kind, detail);
        channel.gone();
    }

    // ---- what the server says

    void decode(Attachment<T> attachment, WireMessage message, long receivedNanos) {
        ServerEvents<T> events = new ServerEvents<>(this, machine, attachment, receivedNanos);
        try {
            protocol.decode(message, events);
        } catch (Throwable e) {
            attachment.garbled = true;
            attachment.session.violate(new Assembly.Violation(
                    ConnectionReason.PROTOCOL_ERROR,
                    1002,
                    "the protocol could not make sense of a message: "
                            + e.getClass().getName()));
        } finally {
            events.over();
        }
    }

    void acknowledged(
            Attachment<T> attachment,
            String name,
            long attempt,
            @Nullable StreamPosition position,
            boolean recovering) {
        Wanted<T> channel = wanted.get(name);
        if (!attachment.isAnswered(name, attempt)
                || channel == null
                || !attachment.acknowledge(name, loop.nanoTime())) {
            return;
        }
        if (attachment == machine.next()) {
            attachment.shadows.put(name, new Attachment.Shadow<>(position, recovering));
        } else {
            channel.feed().acknowledged(position, recovering, attachment.mayLagBehind(name));
            channel.acknowledged().complete(null);
            machine.life().event(name, Kind.ACKNOWLEDGED, "");
        }
        machine.progressed(attachment);
    }

    void refused(Attachment<T> attachment, String name, long attempt, String detail) {
        if (attachment.isAnswered(name, attempt)) {
            ended(name, detail);
        }
    }

    private void ended(String name, String detail) {
        Wanted<T> channel = wanted.remove(name);
        if (channel != null) {
            feeding.merge(channel.topic(), -1, Channels::sumOrNothing);
            forEachAttachment(each -> {
                discard(each, name);
                each.forget(name);
            });
            end(channel, Kind.REFUSED, ConnectionReason.HANDSHAKE_REFUSED, detail);
            if (feeding.containsKey(channel.topic())) {
                outlet.announce(topics -> topics.announceGap(channel.topic(), StreamConnection.UNKNOWN_GAP));
            } else {
                outlet.announce(topics -> endSubscribers(topics, channel.topic(), detail));
            }
            forEachAttachment(machine::progressed);
        }
    }

    void unsubscribed(Attachment<T> attachment, String name, boolean again, String detail) {
        Wanted<T> channel = wanted.get(name);
        if (channel == null || attachment.isForEarlier(name)) {
            return;
        }
        if (!again) {
            ended(name, detail);
        } else if (attachment.opened) {
            if (attachment == machine.current()) {
                channel.feed().disconnected();
            }
            discard(attachment, name);
            long wait = attachment.wants(name).endedByServer(loop.nanoTime(), settings.stableAfter.toNanos(), backoff);
            if (wait == 0) {
                ask(attachment, channel);
            } else {
                loop.schedule(wait, () -> askLater(attachment, channel));
            }
            machine.progressed(attachment);
        }
    }

    void data(
            Attachment<T> attachment,
            String name,
            T payload,
            int bytes,
            @Nullable StreamPosition position,
            long receivedNanos) {
        counters.received.increment();
        Wanted<T> channel = wanted.get(name);
        if (channel == null || attachment.isForEarlier(name)) {
            counters.unwanted.increment();
            return;
        }
        if (draining && receivedNanos - drainingSince >= 0) {
            counters.afterDrain.increment();
            return;
        }
        StreamMessage<T> message =
                new StreamMessage<>(name, payload, bytes, position, attachment.session.generation(), receivedNanos);
        if (attachment == machine.next()) {
            if (attachment.hold(name, message, settings)) {
                counters.held.increment();
            } else {
                counters.discarded.increment();
            }
        } else {
            channel.feed().data(message);
            if (machine.next() != null) {
                machine.caughtUp();
            }
        }
    }

    private static <T> void endSubscribers(Topics<StreamMessage<T>> topics, String topic, String detail) {
        for (Subscription<StreamMessage<T>> subscription : topics.subscriptions()) {
            if (subscription.settings().pattern().toString().equals(topic)) {
                subscription.end(new EndReason(EndReason.Kind.REFUSED, detail));
            }
        }
    }

    // ---- two sessions at once

    /** Whether the old session has brought all that came before the new one's subscriptions, where that can be known. */
    boolean haveCaughtUp(Attachment<T> successor) {
        for (Map.Entry<String, Attachment.Shadow<T>> entry : successor.shadows.entrySet()) {
            Wanted<T> channel = wanted.get(entry.getKey());
            StreamPosition to = entry.getValue().position;
            StreamPosition last = channel == null ? null : channel.feed().last();
            if (to != null && last != null && last.epoch().equals(to.epoch()) && last.offset() < to.offset()) {
                return false;
            }
        }
        return true;
    }

    /** What a session that is given up had brought and was to be told when it took over. */
    void discard(Attachment<T> attachment) {
        List.copyOf(attachment.shadows.keySet()).forEach(name -> discard(attachment, name));
    }

    private void discard(Attachment<T> attachment, String name) {
        Attachment.Shadow<T> shadow = attachment.shadows.remove(name);
        if (shadow != null) {
            counters.discarded.add(shadow.messages.size());
            counters.held.add(-shadow.messages.size());
        }
    }

    void takeOver(Attachment<T> successor) {
        Map<String, Attachment.Shadow<T>> shadows = Map.copyOf(successor.shadows);
        successor.shadows.clear();
        disconnected();
        shadows.forEach((name, shadow) -> {
            Wanted<T> channel = wanted.get(name);
            counters.held.add(-shadow.messages.size());
            if (channel != null) {
                channel.feed().acknowledged(shadow.position, shadow.recovering, true);
                if (channel.acknowledged().complete(null)) {
                    machine.life().event(name, Kind.ACKNOWLEDGED, "");
                }
                shadow.messages.forEach(channel.feed()::data);
                channel.feed().lost(shadow.lost);
            }
        });
    }

    // ---- what feeds need

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public ConnectionSettings settings() {
        return settings;
    }

    @Override
    public int generation() {
        return machine.life().generation();
    }

    @Override
    public void event(String channel, Kind kind, String detail) {
        machine.life().event(channel, kind, detail);
        if (kind == Kind.GAP) {
            counters.gaps.increment();
        } else if (kind == Kind.RESET) {
            counters.resets.increment();
        }
        Wanted<T> told = wanted.get(channel);
        if (told != null && kind == Kind.RESUMED) {
            told.inbox().resumed();
        }
    }

    @Override
    public @Nullable BlockingCall<List<Replayed<T>>> replay(
            String channel,
            StreamPosition after,
            StreamPosition upTo,
            BiConsumer<@Nullable List<Replayed<T>>, @Nullable Throwable> then) {
        ReplaySource<T> source = replays;
        replaysUnderWay.values().removeIf(call -> !call.isRunning());
        if (source == null || replaysUnderWay.containsKey(channel)) {
            return null;
        }
        BlockingCall<List<Replayed<T>>> call = BlockingCall.start(
                loop,
                replayThreads,
                settings.replayTimeout.toNanos(),
                () -> List.copyOf(source.replay(channel, after, upTo)),
                then);
        replaysUnderWay.put(channel, call);
        return call;
    }

    /** What was lost for want of room is told now, if there is room, also without a next message. */
    void tellLosses() {
        wanted.values().forEach(channel -> channel.inbox().tellLoss());
    }

    Outlet<T> outlet() {
        return outlet;
    }
}
