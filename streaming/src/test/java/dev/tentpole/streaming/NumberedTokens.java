package dev.tentpole.streaming;

import dev.tentpole.streaming.TokenSource.Token;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Another token at each call: t1, t2 and so on. */
final class NumberedTokens implements TokenSource {

    /** For each call, whether a fresh one was asked for. */
    final List<Boolean> asked = new ArrayList<>();

    /** How long a token lasts; null for ever. */
    @Nullable
    Duration life;

    /** What is thrown instead, if anything. */
    @Nullable
    RuntimeException failure;

    private FakeLoop clock = new FakeLoop();

    private NumberedTokens(@Nullable Duration life) {
        this.life = life;
    }

    static NumberedTokens lasting(@Nullable Duration life) {
        return new NumberedTokens(life);
    }

    @Override
    public Token fetch(boolean fresh) {
        asked.add(fresh);
        if (failure != null) {
            throw failure;
        }
        String secret = "t" + asked.size();
        return life == null ? Token.of(secret) : Token.of(secret, clock.wall().plus(life));
    }

    /** A connection that uses them. */
    Rig rig(boolean opens, boolean refreshes) {
        return rig(opens, refreshes, builder -> builder);
    }

    Rig rig(boolean opens, boolean refreshes, UnaryOperator<StreamConnection.Builder<String>> more) {
        clock = new FakeLoop();
        return new Rig(
                clock, new LineProtocol(opens, refreshes), () -> 0.5, builder -> more.apply(builder.tokens(this)));
    }
}
