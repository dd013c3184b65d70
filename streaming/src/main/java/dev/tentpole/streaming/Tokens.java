package dev.tentpole.streaming;

import dev.tentpole.streaming.TokenSource.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The token in use: fetched once for all who ask, and again before it runs out: earlier by a tenth of its time to live,
 * but at most 30 s, and by a random time up to as much again, so that clients that began together do not ask together.
 * For the loop's thread.
 */
final class Tokens {

    private static final Duration LONGEST_LIFE = Duration.ofDays(365);
    private static final Duration LONGEST_LEAD = Duration.ofSeconds(30);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private final @Nullable TokenSource source;
    private final Surroundings around;
    private final ConnectionSettings settings;
    private final Backoff backoff;
    private final Runnable whenRefreshed;
    private final Counters counters;
    private final List<BiConsumer<Optional<Token>, @Nullable Throwable>> waiting = new ArrayList<>();
    private EventLoop.Timer refresh = EventLoop.Timer.NONE;
    private @Nullable BlockingCall<Token> call;
    private @Nullable BlockingCall<Token> latest;
    private @Nullable Token token;
    private @Nullable Token last;
    private int failures;
    private int useless;
    private boolean closed;

    Tokens(
            @Nullable TokenSource source,
            Surroundings around,
            ConnectionSettings settings,
            Counters counters,
            Runnable whenRefreshed) {
        this.source = source;
        this.around = around;
        this.settings = settings;
        this.backoff = new Backoff(settings.backoffBase, settings.backoffCap);
        this.counters = counters;
        this.whenRefreshed = whenRefreshed;
    }

    boolean canRefresh() {
        return source != null;
    }

    Optional<Token> current() {
        return Optional.ofNullable(token);
    }

    /** Says that the server refuses the token, so that the next one is a fresh one. */
    void discard() {
        token = null;
    }

    /** Brings a token that has not run out, or nothing if there is no source; tells at once or later, on the loop. */
    void get(boolean fresh, BiConsumer<Optional<Token>, @Nullable Throwable> then) {
        if (source == null) {
            then.accept(Optional.empty(), null);
        } else if (!fresh && token != null && !hasExpired(token)) {
            then.accept(current(), null);
        } else {
            waiting.add(then);
            fetch(fresh);
        }
    }

    void close() {
        closed = true;
        refresh.cancel();
        waiting.clear();
        if (call != null) {
            call.cancel();
            call = null;
        }
    }

    void reopen() {
        closed = false;
        failures = 0;
    }

    private boolean hasExpired(Token known) {
        Instant now = around.wall().instant();
        return known.expiresAt().filter(at -> !at.isAfter(now)).isPresent();
    }

    private void fetch(boolean fresh) {
        TokenSource asked = source;
        if (call != null || asked == null) {
            return;
        }
        if (latest != null && latest.isRunning()) {
            fetched(
                    null,
                    new TimeoutException(
                            "the token source is still busy with a call that took longer than tokenTimeout = "
                                    + settings.tokenTimeout + " and did not end when it was interrupted"));
            return;
        }
        call = BlockingCall.start(
                around.loop(),
                around.tokens(),
                settings.tokenTimeout.toNanos(),
                () -> asked.fetch(fresh),
                this::fetched);
        latest = call;
    }

    private void fetched(@Nullable Token brought, @Nullable Throwable failure) {
        call = null;
        if (closed) {
            return;
        }
        Throwable problem = brought == null && failure == null ? new NullPointerException("no token") : failure;
        if (brought != null) {
            token = brought;
            failures = 0;
            counters.tokensFetched.increment();
            scheduleRefresh(brought);
        } else {
            counters.tokensFailed.increment();
        }
        List<BiConsumer<Optional<Token>, @Nullable Throwable>> told = new ArrayList<>(waiting);
        waiting.clear();
        Optional<Token> answer = Optional.ofNullable(brought);
        told.forEach(then -> then.accept(answer, problem));
    }

    /**
     * A token that is the one of before, or has run out already by this machine's clock, is not asked for again and again:
     * the wait grows as it does between attempts to connect.
     */
    private void scheduleRefresh(Token known) {
        Token before = last;
        last = known;
        refresh.cancel();
        known.expiresAt().ifPresent(at -> {
            Duration life = Duration.between(around.wall().instant(), at);
            long wait = untilRefresh(life, around.random().getAsDouble()).toNanos();
            if (hasExpired(known) || (before != null && before.isSameAs(known))) {
                wait = Math.max(wait, backoff.delay(useless++, around.random().getAsDouble()));
            } else {
                useless = 0;
            }
            refresh = around.loop().schedule(wait, this::refreshNow);
        });
    }

    /** The time to wait before a token of so long a life is replaced. */
    static Duration untilRefresh(Duration told, double random) {
        // "Never" is the year 9999 for some, and the end of time for others.
        Duration life = told.isNegative() ? Duration.ZERO : told.compareTo(LONGEST_LIFE) < 0 ? told : LONGEST_LIFE;
        Duration tenth = life.dividedBy(10);
        Duration lead = tenth.compareTo(LONGEST_LEAD) < 0 ? tenth : LONGEST_LEAD;
        Duration wait = life.minus(lead).minusNanos((long) (lead.toNanos() * random));
        return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
    }

    private void refreshNow() {
        get(true, (fetched, failure) -> {
            if (failure == null) {
                whenRefreshed.run();
            } else {
                long wait = Math.max(
                        SHORTEST_WAIT.toNanos(),
                        backoff.delay(failures++, around.random().getAsDouble()));
                refresh = around.loop().schedule(wait, this::refreshNow);
            }
        });
    }
}
