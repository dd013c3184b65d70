package dev.tentpole.bigquery;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps a token until shortly before its end, or until it is refused; one thread at a time fetches the next. */
final class CachedTokens implements TokenSource {

    private final TokenSource origin;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Token kept;

    CachedTokens(TokenSource origin, InstantSource clock) {
        this.origin = origin;
        this.clock = clock;
    }

    @Override
    public Token token() throws IOException, InterruptedException {
        Token token = kept;
        if (token != null && isGood(token)) {
            return token;
        }
        fetching.lockInterruptibly();
        try {
            token = kept;
            if (token == null || !isGood(token)) {
                token = origin.token();
                kept = token;
            }
            return token;
        } finally {
            fetching.unlock();
        }
    }

    @Override
    public void refused(Token token) {
        fetching.lock();
        try {
            if (token.equals(kept)) {
                kept = null;
            }
        } finally {
            fetching.unlock();
        }
    }

    private boolean isGood(Token token) {
        return clock.instant().plus(Token.MARGIN).isBefore(token.expiresAt());
    }
}
