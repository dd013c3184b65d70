package dev.tentpole.retry;

import dev.tentpole.retry.CircuitBreaker.State;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A breaker's stay in one state. Whoever was let in by one reports to it, so that late news about an earlier stay change
 * nothing.
 */
abstract class BreakerPhase {

    abstract State state();

    /** The phase that lets this call in; null if it is refused. */
    abstract @Nullable BreakerPhase acquire(long now);

    void succeeded(long now, long started) {}

    void failed(long now, long started, Failure failure) {}

    /** The caller's time was over, which says no more than how long the call took at least. */
    void cutOff(long now, long started) {
        released();
    }

    /** The call was not made, or nothing can be said about how it ended. */
    void released() {}

    /** Lets all in. */
    static final class Closed extends BreakerPhase {

        private final CircuitBreaker breaker;
        private final BreakerSettings settings;
        private final long slowCallNanos;
        private final Window window;

        Closed(CircuitBreaker breaker) {
            this.breaker = breaker;
            settings = breaker.settings();
            slowCallNanos = settings.slowCallNanos;
            window = settings.window(breaker.clock().nanoTime());
        }

        Window.Shares shares(long now) {
            return window.shares(now);
        }

        @Override
        State state() {
            return State.CLOSED;
        }

        @Override
        BreakerPhase acquire(long now) {
            return this;
        }

        @Override
        void succeeded(long now, long started) {
            if (now - started < slowCallNanos) {
                window.good(now);
            } else {
                window.bad(now, false, true);
                judge(now, null);
            }
        }

        @Override
        void failed(long now, long started, Failure failure) {
            FailureKind kind = failure.kind();
            if (kind.countsForBackend()) {
                succeeded(now, started);
            } else if (kind.countsAgainstBackend()) {
                window.bad(now, true, now - started >= slowCallNanos);
                judge(now, failure.retryAfterOrNull());
            }
        }

        @Override
        void cutOff(long now, long started) {
            if (now - started >= slowCallNanos) {
                succeeded(now, started);
            }
        }

        private void judge(long now, @Nullable Duration advice) {
            Window.Shares shares = window.shares(now);
            if (shares.calls() >= settings.minimumCalls
                    && (shares.failed() >= settings.failureRate
                            || (settings.watchesSlow() && shares.slow() >= settings.slowCallRate))) {
                breaker.open(this, now, advice);
            }
        }
    }

    /** Lets nobody in until its time is over. */
    static final class Open extends BreakerPhase {

        final long until;
        private final CircuitBreaker breaker;

        Open(CircuitBreaker breaker, long until) {
            this.breaker = breaker;
            this.until = until;
        }

        @Override
        State state() {
            return State.OPEN;
        }

        @Override
        @Nullable
        BreakerPhase acquire(long now) {
            if (now - until < 0) {
                return null;
            }
            breaker.move(this, new HalfOpen(breaker, now));
            return breaker.phase().acquire(now);
        }
    }

    /** Few are let in, and each reports once. */
    static final class HalfOpen extends BreakerPhase {

        private final CircuitBreaker breaker;
        private final Probes probes;

        HalfOpen(CircuitBreaker breaker, long now) {
            this.breaker = breaker;
            probes = new Probes(breaker.settings(), now);
        }

        boolean hasRoom(long now) {
            return probes.hasRoom(now);
        }

        @Override
        State state() {
            return State.HALF_OPEN;
        }

        @Override
        @Nullable
        BreakerPhase acquire(long now) {
            if (probes.take(now)) {
                return this;
            } else if (!probes.areLost(now)) {
                return null;
            }
            if (breaker.move(this, new HalfOpen(breaker, now))) {
                breaker.probesLost(probes.underWay());
            }
            return breaker.phase().acquire(now);
        }

        @Override
        void succeeded(long now, long started) {
            report(now, started, false, null);
        }

        @Override
        void failed(long now, long started, Failure failure) {
            if (failure.kind().countsForBackend()) {
                succeeded(now, started);
            } else if (failure.kind().countsAgainstBackend()) {
                report(now, started, true, failure.retryAfterOrNull());
            } else {
                released();
            }
        }

        @Override
        void cutOff(long now, long started) {
            if (now - started >= breaker.settings().slowCallNanos) {
                succeeded(now, started);
            } else {
                released();
            }
        }

        @Override
        void released() {
            probes.giveBack();
        }

        private void report(long now, long started, boolean failed, @Nullable Duration advice) {
            switch (probes.report(failed, now - started >= breaker.settings().slowCallNanos)) {
                case OPEN -> breaker.open(this, now, advice);
                case CLOSE -> breaker.move(this, new Closed(breaker));
                default -> {}
            }
        }
    }

    /** By hand. */
    static final class Forced extends BreakerPhase {

        private final State state;

        Forced(State state) {
            this.state = state;
        }

        @Override
        State state() {
            return state;
        }

        @Override
        @Nullable
        BreakerPhase acquire(long now) {
            return state == State.FORCED_CLOSED ? this : null;
        }
    }
}
