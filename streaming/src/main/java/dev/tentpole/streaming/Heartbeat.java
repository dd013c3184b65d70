package dev.tentpole.streaming;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings a server that is silent, and finds it dead when it stays so; whatever comes from it is a sign of life. For the
 * loop's thread, but for {@link #heard}.
 */
final class Heartbeat {

    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);

    private final EventLoop loop;
    private final Duration interval;
    private final int misses;
    private final Patient patient;
    private volatile long lastHeard;
    private int pings;
    private long pingedAt;
    private boolean pingInFlight;
    private EventLoop.Timer timer = EventLoop.Timer.NONE;

    /** Whose heart it is. */
    interface Patient {

        /** Sends a ping; called only when the one before is written. */
        CompletionStage<?> ping();

        /** An interval has passed, and it lives. */
        void beat();

        /** It is dead. */
        void dead(String why);
    }

    Heartbeat(EventLoop loop, ConnectionSettings settings, Patient patient) {
        this.loop = loop;
        this.interval = settings.heartbeat;
        this.misses = settings.heartbeatMisses;
        this.patient = patient;
        this.lastHeard = loop.nanoTime();
    }

    /** Something has come; for any thread. */
    void heard(long now) {
        lastHeard = now;
    }

    void start() {
        timer = loop.schedule(interval.toNanos(), this::look);
    }

    void stop() {
        timer.cancel();
    }

    private void look() {
        long now = loop.nanoTime();
        long silence = now - lastHeard;
        long wait = interval.toNanos() - silence;
        if (wait > 0 || lastHeard - pingedAt >= 0) {
            pings = 0;
        }
        if (wait <= 0 && pings >= misses) {
            patient.dead("nothing came for " + silence / 1_000_000 + " ms, " + pings + " pings unanswered; heartbeat = "
                    + interval + ", heartbeatMisses = " + misses);
            return;
        }
        if (wait <= 0) {
            pings++;
            pingedAt = now;
            ping(patient::ping);
            wait = interval.toNanos();
        }
        timer = loop.schedule(wait, this::look);
        patient.beat();
    }

    private void ping(Supplier<CompletionStage<?>> send) {
        if (pingInFlight) {
            return;
        }
        try {
            CompletionStage<?> sent = send.get();
            pingInFlight = true;
            sent.whenComplete((done, failure) -> loop.execute(() -> pingInFlight = false));
        } catch (Throwable e) {
            // It counts as a ping that is not answered, like one that can't be written.
            LOG.debug("the transport can't ping", e);
        }
    }
}
