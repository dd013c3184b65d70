package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** A place in a shared log, one step after the other. */
final class TailFeedTest {

    private final TailLog<String> log = new TailLog<>(4, 1_000);

    @Test
    void a_loss_that_nothing_follows_is_told_when_the_feed_ends_after_the_last_look() {
        TailFeed<String> feed = new TailFeed<>(
                SubscriptionSettings.<String>of("t")
                        .filter(message -> {
                            throw new IllegalStateException("a filter of a test");
                        })
                        .build(),
                log,
                came -> {},
                () -> 0);
        boolean appended = log.append("a", 1, 0);
        List<Gap> gaps = new ArrayList<>();
        Receiver<String> receiver = new Receiver<>() {
            @Override
            public void onMessage(String message, long sequence) {
                throw new AssertionError(message);
            }

            @Override
            public void onGap(Gap gap) {
                gaps.add(gap);
            }
        };
        assertThat(feed.drain(receiver, 10)).isZero();
        feed.complete();
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> feed.awaitNews(() -> false, Duration.ofHours(1).toNanos()));
        assertThat(feed.isFinished()).isFalse();
        assertThat(feed.drain(receiver, 10)).isZero();
        assertThat(feed.isFinished()).isTrue();
        assertThat(appended).isTrue();
        assertThat(gaps).containsExactly(new Gap(1, 1, 1, DropReason.REJECTED));
    }
}
