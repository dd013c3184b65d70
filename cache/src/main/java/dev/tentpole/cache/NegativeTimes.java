package dev.tentpole.cache;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Map;

/** How long failures are remembered, by class. */
record NegativeTimes(Map<Class<? extends Throwable>, Duration> byClass) {

    private static final Duration LONGEST = Duration.ofHours(1);

    NegativeTimes {
        byClass = Map.copyOf(byClass);
        byClass.forEach((type, duration) ->
                Args.inRange("negativeTimeToLive of " + type.getSimpleName(), duration, Duration.ZERO, LONGEST));
    }

    /** What was set for the failure's class, or for the nearest of its superclasses. */
    Duration of(Throwable failure) {
        for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
            Duration timeToLive = byClass.get(type);
            if (timeToLive != null) {
                return timeToLive;
            }
        }
        return Duration.ZERO;
    }
}
