package dev.tentpole.streaming;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a listener messages and notices, in their order, and bears what it throws. For one thread. */
final class Delivery<T> implements Receiver<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final int BATCH = 256;
    private static final long LONGEST_WAIT = TimeUnit.HOURS.toNanos(1);

    private final Subscription<T> subscription;
    private final SubscriptionListener<? super T> listener;
    private final Feed<T> feed;
    private final Notices notices;
    private final Consumer<Gap> gaps;

    Delivery(
            Subscription<T> subscription,
            SubscriptionListener<? super T> listener,
            Feed<T> feed,
            Notices notices,
            Consumer<Gap> gaps) {
        this.subscription = subscription;
        this.listener = listener;
        this.feed = feed;
        this.notices = notices;
        this.gaps = gaps;
    }

    /** Hands over what is there and may be, or waits a while for something. */
    void step(@Nullable RateLimit pace) throws InterruptedException {
        long pause = pace == null ? 0 : pace.nanosToWait();
        int count = pause > 0 ? 0 : handOver(pace);
        tellFailure();
        if (count > 0) {
            return;
        }
        int ripe = notices.size();
        boolean empty = feed.isEmpty();
        if (ripe > 0 && empty) {
            for (int i = 0; i < ripe; i++) {
                tellNext(Long.MAX_VALUE);
            }
        } else if (pause > 0 && !empty) {
            LockSupport.parkNanos(this, pause);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        } else if (ripe == 0) {
            feed.awaitNews(notices::any, LONGEST_WAIT);
        }
    }

    private int handOver(@Nullable RateLimit pace) {
        int count;
        try {
            count = feed.drain(this, pace == null ? BATCH : 1);
        } catch (Throwable thrown) {
            count = 1;
            failed(thrown);
        }
        if (count > 0 && pace != null) {
            boolean unused = pace.tryPass();
        }
        return count;
    }

    @Override
    public void onMessage(T message, long sequence) {
        tellBefore(feed.place(sequence));
        listener.onMessage(message, sequence);
    }

    @Override
    public void onGap(Gap gap) {
        tellBefore(feed.place(gap.first()));
        tellGap(gap);
    }

    private void tellBefore(long place) {
        while (notices.any() && tellNext(place)) {
            // the loop's condition does the work
        }
    }

    /** Tells a notice that has its place before a message, if there is one. */
    private boolean tellNext(long place) {
        Notices.Notice notice = notices.pollBefore(place);
        if (notice == null) {
            return false;
        }
        switch (notice.kind()) {
            case GAP -> {
                if (notice.gap() != null) {
                    tellGap(notice.gap());
                }
            }
            case RESUMED -> guarded(() -> listener.onResumed(notice.generation()));
            case RESET -> guarded(() -> listener.onReset(notice.generation(), notice.why()));
        }
        return true;
    }

    private void tellGap(Gap gap) {
        gaps.accept(gap);
        guarded(() -> listener.onGap(gap));
    }

    /** Lets a closed feed drop what it had taken out and not handed over. */
    void discard() {
        int unused = feed.drain(this, 1);
    }

    void end(EndReason reason) {
        tellFailure();
        guarded(() -> listener.onEnd(reason));
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    /** Tells what the subscription's own functions threw. */
    private void tellFailure() {
        Throwable thrown = feed.takeFailure();
        if (thrown != null) {
            failed(thrown);
        }
    }

    void failed(Throwable thrown) {
        LOG.debug("{}: its listener, or a function of its settings, failed", subscription, thrown);
        try {
            listener.onFailure(thrown);
        } catch (Throwable again) {
            LOG.warn("{}: its listener failed, and failed to hear of it", subscription, again);
        }
    }
}
