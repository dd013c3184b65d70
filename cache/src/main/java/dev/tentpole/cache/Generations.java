package dev.tentpole.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** The largest generation that was heard of each tag, of those tags that were used last. */
final class Generations {

    private static final int REMEMBERED = 10_000;

    private final Cache<String, Long> known = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

    boolean isNew(String tag, long generation) {
        Long last = known.getIfPresent(tag);
        return last == null || generation > last;
    }

    void set(String tag, long generation) {
        known.asMap().merge(tag, generation, Math::max);
    }
}
