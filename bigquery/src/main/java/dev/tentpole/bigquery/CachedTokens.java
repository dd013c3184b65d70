package dev.tentpole.bigquery;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a token until shortly before its end, or until it is refused; one thread at a time fetches the next. While none can be had, the
 * old one serves to its end.
 */
final class CachedTokens implements TokenSource {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final TokenSource origin;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private final AtomicReference<@Nullable Token> kept = new AtomicReference<>();

    CachedTokens(TokenSource origin, InstantSource clock) {
        this.origin = origin;
        this.clock = clock;
    }

    @Override
    public Token token() throws IOException, InterruptedException {
        return token(LONGEST);
    }

    @Override
    public Token token(Duration longest) throws IOException, InterruptedException {
        Token token = keptFor(Token.MARGIN);
        if (token != null) {
            return token;
        }
        Deadline deadline = Deadline.after(longest, NanoClock.system());
        if (!fetching.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return oldOr(new HttpTimeoutException("no token came within " + longest));
        }
        try {
            token = keptFor(Token.MARGIN);
            if (token == null) {
                token = origin.token(deadline.remaining());
                kept.set(token);
            }
            return token;
        } catch (IOException e) {
            return oldOr(e);
        } finally {
            fetching.unlock();
        }
    }

    @Override
    public void refused(Token token) {
        // Not under the lock: whoever fetches the next one may take long.
        Token current = kept.get();
        if (token.equals(current)) {
            boolean unused = kept.compareAndSet(current, null);
        }
    }

    private Token oldOr(IOException failure) throws IOException {
        Token old = keptFor(Duration.ZERO);
        if (old == null) {
            throw failure;
        }
        return old;
    }

    private @Nullable Token keptFor(Duration margin) {
        Token token = kept.get();
        Instant needed = clock.instant().plus(margin);
        return token != null && needed.isBefore(token.expiresAt()) ? token : null;
    }
}
