package dev.tentpole.cache;

import dev.tentpole.base.Args;
import dev.tentpole.cache.Entry.Lifetime;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.ToLongBiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How a {@link QueryCache} keeps values, as its builder left it. */
record QuerySettings<K, V>(
        BiFunction<? super K, ? super V, Duration> timeToLive,
        @Nullable Duration softTimeToLive,
        double jitter,
        Duration staleIfError,
        NegativeTimes negative,
        Predicate<? super V> empty,
        @Nullable Duration emptyTimeToLive,
        ToLongBiFunction<? super K, ? super V> weigher,
        int failureWeight,
        BiFunction<? super K, ? super V, ? extends Iterable<String>> tags,
        long maximum,
        Duration retryAfter,
        Duration timeout,
        RandomGenerator random) {

    /** How long the value may be kept; a hard time to live of zero says not at all. */
    Lifetime lifetime(K key, V value, @Nullable Duration wanted) {
        Duration hard = wanted != null ? wanted : timeToLive.apply(key, value);
        if (hard.compareTo(Load.LONGEST_TIME_TO_LIVE) > 0) {
            hard = Load.LONGEST_TIME_TO_LIVE;
        }
        if (emptyTimeToLive != null && empty.test(value) && emptyTimeToLive.compareTo(hard) < 0) {
            hard = emptyTimeToLive;
        }
        return lifetime(hard);
    }

    Lifetime lifetime(Duration hard) {
        if (hard.isNegative() || hard.isZero()) {
            return new Lifetime(0, 0, 0, 0);
        }
        Duration soft = softTimeToLive != null && softTimeToLive.compareTo(hard) < 0 ? softTimeToLive : hard;
        double factor = jitter == 0 ? 1 : 1 - jitter * random.nextDouble();
        return new Lifetime(
                0, (long) (soft.toNanos() * factor), (long) (hard.toNanos() * factor), staleIfError.toNanos());
    }

    /** What an entry weighs; at least 1, so that none stays for ever. */
    long weight(K key, V value) {
        long weight = weigher.applyAsLong(key, value);
        Args.check(weight >= 0, "weight", weight, "0 or more");
        return Math.max(1, weight);
    }

    boolean isTooHeavy(long weight) {
        return weight > maximum || weight > Integer.MAX_VALUE;
    }

    boolean isEmptyUnkept(V value) {
        return emptyTimeToLive != null && emptyTimeToLive.isZero() && empty.test(value);
    }

    Set<String> tags(K key, V value, Set<String> more) {
        Set<String> all = new java.util.LinkedHashSet<>(more);
        tags.apply(key, value).forEach(all::add);
        return Load.checkTags(all);
    }
}
