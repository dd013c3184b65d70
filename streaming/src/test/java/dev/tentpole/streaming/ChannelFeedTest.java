package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ConnectionListener.ChannelEvent.Kind;
import dev.tentpole.streaming.ReplaySource.Replayed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A channel without holes, or with holes that say so. */
final class ChannelFeedTest implements ChannelFeed.Inbox<String>, ChannelFeed.Context<String> {

    private final FakeLoop loop = new FakeLoop();
    private final Counters counters = new Counters();
    private final List<String> got = new ArrayList<>();
    private final List<Kind> events = new ArrayList<>();
    private ConnectionSettings settings = ConnectionSettings.defaults();
    private @Nullable ReplaySource<String> source;
    private ChannelFeed<String> feed = new ChannelFeed<>("c", null, this, this);

    private void data(String epoch, long offset) {
        feed.data(new StreamMessage<>("c", epoch + offset, 1, new StreamPosition(epoch, offset), 1, 0));
    }

    private void plain(String text) {
        feed.data(new StreamMessage<>("c", text, 1, null, 1, 0));
    }

    private void acknowledged(String epoch, long offset, boolean recovering) {
        feed.acknowledged(new StreamPosition(epoch, offset), recovering, false);
    }

    private void replays(long first, long last) {
        source = (channel, after, upTo) -> LongStream.rangeClosed(first, last)
                .mapToObj(i -> new Replayed<>(new StreamPosition("e", i), "replayed" + i, 1))
                .toList();
    }

    private void serveUpTo(long offset) {
        acknowledged("e", 0, false);
        for (long i = 1; i <= offset; i++) {
            data("e", i);
        }
        got.clear();
    }

    @Test
    void messages_in_order_pass() {
        acknowledged("e", 6, false);
        data("e", 7);
        data("e", 8);
        assertThat(got).containsExactly("e7", "e8");
        assertThat(feed.last()).isEqualTo(new StreamPosition("e", 8));
    }

    @Test
    void a_duplicate_is_ignored_and_counted() {
        serveUpTo(3);
        data("e", 2);
        data("e", 3);
        data("e", 4);
        assertThat(got).containsExactly("e4");
        assertThat(counters.duplicates.sum()).isEqualTo(2);
    }

    @Test
    void a_missing_offset_on_a_live_connection_is_a_gap() {
        serveUpTo(3);
        data("e", 7);
        assertThat(got).containsExactly("gap 3 4 6 MISSED", "e7");
    }

    @Test
    void an_acknowledgement_that_messages_have_overtaken_begins_no_new_history() {
        serveUpTo(2);
        feed.disconnected();
        data("e", 5);
        acknowledged("e", 4, false);
        data("e", 6);
        assertThat(got).containsExactly("gap 2 3 4 MISSED", "e5", "e6");
        assertThat(events).endsWith(Kind.GAP, Kind.RESUMED);
        feed.disconnected();
        acknowledged("e", 5, false);
        assertThat(events).endsWith(Kind.RESET);
    }

    @Test
    void a_missing_offset_is_replayed_in_its_place() {
        replays(4, 6);
        serveUpTo(3);
        loop.holdsBlockingCalls = true;
        data("e", 7);
        data("e", 8);
        assertThat(got).isEmpty();
        loop.runHeld();
        assertThat(got).containsExactly("replayed4", "replayed5", "replayed6", "e7", "e8");
        assertThat(events).containsExactly(Kind.RESUMED);
        assertThat(counters.replayed.sum()).isEqualTo(3);
    }

    @Test
    void holes_within_what_waits_for_a_replay_are_replayed_in_order_too() {
        source = (channel, after, upTo) -> LongStream.rangeClosed(after.offset() + 1, upTo.offset())
                .mapToObj(i -> new Replayed<>(new StreamPosition("e", i), "replayed" + i, 1))
                .toList();
        serveUpTo(1);
        loop.holdsBlockingCalls = true;
        data("e", 3);
        data("e", 5);
        data("e", 6);
        loop.runHeld();
        loop.runHeld();
        assertThat(got).containsExactly("replayed2", "e3", "replayed4", "e5", "e6");
    }

    @Test
    void a_partial_replay_is_not_used() {
        for (long[] range : new long[][] {{4, 5}, {5, 6}, {4, 7}, {7, 6}}) {
            feed = new ChannelFeed<>("c", null, this, this);
            replays(range[0], range[1]);
            serveUpTo(3);
            data("e", 7);
            loop.run();
            assertThat(got).containsExactly("gap 3 4 6 MISSED", "e7");
        }
    }

    @Test
    void a_replay_of_another_epoch_or_out_of_order_is_not_used() {
        source = (channel, after, upTo) -> List.of(
                new Replayed<>(new StreamPosition("e", 5), "x", 1), new Replayed<>(new StreamPosition("e", 4), "x", 1));
        serveUpTo(3);
        data("e", 6);
        loop.run();
        assertThat(got).containsExactly("gap 2 4 5 MISSED", "e6");
        source = (channel, after, upTo) -> List.of(new Replayed<>(new StreamPosition("f", 7), "x", 1));
        got.clear();
        data("e", 8);
        loop.run();
        assertThat(got).containsExactly("gap 1 7 7 MISSED", "e8");
    }

    @Test
    void a_replay_that_throws_or_takes_too_long_is_a_gap() {
        source = (channel, after, upTo) -> {
            throw new IllegalStateException("no history");
        };
        serveUpTo(3);
        data("e", 5);
        loop.run();
        assertThat(got).containsExactly("gap 1 4 4 MISSED", "e5");
        got.clear();
        loop.holdsBlockingCalls = true;
        data("e", 7);
        loop.pass(Duration.ofSeconds(10));
        assertThat(got).containsExactly("gap 1 6 6 MISSED", "e7");
        loop.runHeld();
        assertThat(got).hasSize(2);
    }

    @Test
    void more_than_may_be_replayed_is_a_gap_at_once() {
        settings = ConnectionSettings.builder().maxReplay(2).build();
        replays(4, 6);
        serveUpTo(3);
        data("e", 7);
        assertThat(got).containsExactly("gap 3 4 6 MISSED", "e7");
    }

    @Test
    void what_waits_for_a_replay_is_bounded() {
        settings = ConnectionSettings.builder().maxReplay(3).build();
        replays(4, 4);
        serveUpTo(3);
        loop.holdsBlockingCalls = true;
        for (int i = 5; i <= 8; i++) {
            data("e", i);
        }
        assertThat(got).containsExactly("gap 1 4 4 MISSED", "e5", "e6", "e7", "e8");
        loop.runHeld();
        assertThat(got).hasSize(5);
    }

    @Test
    void after_a_reconnect_without_a_miss_it_is_resumed() {
        serveUpTo(3);
        feed.disconnected();
        acknowledged("e", 3, false);
        data("e", 4);
        assertThat(got).containsExactly("e4");
        assertThat(events).containsExactly(Kind.RESUMED);
    }

    @Test
    void what_was_missed_while_away_is_replayed_before_what_comes() {
        replays(4, 6);
        serveUpTo(3);
        feed.disconnected();
        loop.holdsBlockingCalls = true;
        acknowledged("e", 6, false);
        data("e", 7);
        loop.runHeld();
        assertThat(got).containsExactly("replayed4", "replayed5", "replayed6", "e7");
        assertThat(events).containsExactly(Kind.RESUMED);
    }

    @Test
    void what_was_missed_while_away_is_a_gap_without_a_source() {
        serveUpTo(3);
        feed.disconnected();
        acknowledged("e", 6, false);
        assertThat(got).containsExactly("gap 3 4 6 MISSED");
        assertThat(events).containsExactly(Kind.GAP);
    }

    @Test
    void a_server_that_recovers_is_believed_once_it_has_sent_all() {
        serveUpTo(3);
        feed.disconnected();
        acknowledged("e", 5, true);
        data("e", 4);
        assertThat(events).isEmpty();
        data("e", 5);
        data("e", 6);
        assertThat(got).containsExactly("e4", "e5", "e6");
        assertThat(events).containsExactly(Kind.RESUMED);
    }

    @Test
    void a_server_that_recovers_only_a_part_leaves_a_gap() {
        serveUpTo(3);
        feed.disconnected();
        acknowledged("e", 6, true);
        data("e", 5);
        assertThat(got).containsExactly("gap 1 4 4 MISSED", "e5");
    }

    @Test
    void another_epoch_is_a_reset() {
        serveUpTo(3);
        feed.disconnected();
        acknowledged("f", 9, true);
        data("f", 10);
        assertThat(got).containsExactly("reset", "f10");
        got.clear();
        data("g", 1);
        assertThat(got).containsExactly("reset", "g1");
        assertThat(events).containsExactly(Kind.RESET, Kind.RESET);
    }

    @Test
    void a_history_that_went_back_is_a_reset() {
        serveUpTo(3);
        feed.disconnected();
        acknowledged("e", 2, false);
        data("e", 3);
        assertThat(got).containsExactly("reset", "e3");
    }

    @Test
    void without_positions_a_reconnect_is_a_gap_of_unknown_size() {
        feed.acknowledged(null, false, false);
        plain("a");
        feed.disconnected();
        feed.acknowledged(null, false, false);
        plain("b");
        assertThat(got).containsExactly("a", "gap -1 -1 -1 MISSED", "b");
    }

    @Test
    void what_comes_before_the_acknowledgement_comes_after_the_gap() {
        feed.acknowledged(null, false, false);
        plain("a");
        feed.disconnected();
        plain("b");
        feed.acknowledged(null, false, false);
        plain("c");
        assertThat(got).containsExactly("a", "gap -1 -1 -1 MISSED", "b", "c");
    }

    @Test
    void a_first_position_after_a_reconnect_says_nothing_of_what_was_missed() {
        feed.acknowledged(null, false, false);
        plain("a");
        feed.disconnected();
        data("e", 6);
        feed.acknowledged(null, false, false);
        data("e", 7);
        assertThat(got).containsExactly("a", "gap -1 -1 -1 MISSED", "e6", "e7");
    }

    @Test
    void what_came_before_a_connection_was_lost_counts_without_an_acknowledgement_too() {
        plain("a");
        feed.disconnected();
        feed.acknowledged(null, false, false);
        plain("b");
        assertThat(got).containsExactly("a", "gap -1 -1 -1 MISSED", "b");
    }

    @Test
    void positions_that_are_gone_after_a_reconnect_are_a_gap_of_unknown_size() {
        serveUpTo(3);
        feed.disconnected();
        feed.acknowledged(null, false, false);
        plain("b");
        plain("c");
        assertThat(got).containsExactly("gap -1 -1 -1 MISSED", "b", "c");
    }

    @Test
    void a_feed_from_a_position_gets_what_came_since() {
        replays(11, 12);
        feed = new ChannelFeed<>("c", new StreamPosition("e", 10), this, this);
        acknowledged("e", 12, false);
        loop.run();
        data("e", 13);
        assertThat(got).containsExactly("replayed11", "replayed12", "e13");
    }

    @Test
    void
            an_acknowledgement_that_comes_after_messages_changes_nothing_about_the_replay_of_what_is_missing_before_them() {
        source = (channel, after, upTo) -> LongStream.rangeClosed(after.offset() + 1, upTo.offset())
                .mapToObj(i -> new Replayed<>(new StreamPosition("e", i), "replayed" + i, 1))
                .toList();
        serveUpTo(3);
        feed.disconnected();
        loop.holdsBlockingCalls = true;
        data("e", 6);
        acknowledged("e", 6, false);
        data("e", 7);
        loop.runHeld();
        loop.runHeld();
        assertThat(got).containsExactly("replayed4", "replayed5", "replayed6", "e7");
        assertThat(events).containsOnly(Kind.RESUMED);
        assertThat(counters.duplicates.sum()).isOne();
    }

    @Test
    void a_connection_lost_during_a_replay_replays_again() {
        replays(4, 5);
        serveUpTo(3);
        loop.holdsBlockingCalls = true;
        data("e", 6);
        feed.disconnected();
        loop.runHeld();
        assertThat(got).isEmpty();
        replays(4, 7);
        acknowledged("e", 7, false);
        loop.runHeld();
        assertThat(got).containsExactly("replayed4", "replayed5", "replayed6", "replayed7");
    }

    @Override
    public void message(StreamMessage<String> message) {
        got.add(message.payload());
    }

    @Override
    public void gap(long count, long first, long last, ChannelFeed.GapCause cause) {
        got.add(
                cause == ChannelFeed.GapCause.RESET
                        ? "reset"
                        : "gap " + count + " " + first + " " + last + " " + cause);
    }

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
        return 1;
    }

    @Override
    public void event(String channel, Kind kind, String detail) {
        events.add(kind);
    }

    @Override
    public @Nullable BlockingCall<List<Replayed<String>>> replay(
            String channel,
            StreamPosition after,
            StreamPosition upTo,
            BiConsumer<@Nullable List<Replayed<String>>, @Nullable Throwable> then) {
        ReplaySource<String> asked = source;
        return asked == null
                ? null
                : BlockingCall.start(
                        loop,
                        loop.surroundings(() -> 0.5).replays(),
                        settings.replayTimeout.toNanos(),
                        () -> asked.replay(channel, after, upTo),
                        then);
    }
}
