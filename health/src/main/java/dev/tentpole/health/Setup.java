package dev.tentpole.health;

import java.time.Duration;
import java.util.List;

/** A registry's settings, checked; {@link HealthRegistry.Builder} says what each means. Immutable. */
record Setup(
        List<CheckSettings> settings,
        List<HealthCheck> checks,
        List<Group> groups,
        List<TransitionListener> listeners,
        Aggregation aggregation,
        int checkThreads,
        int maxAbandoned,
        int maxChecks,
        int maxPendingTransitions,
        Duration startSpread,
        Duration refreshCooldown,
        Duration closeTimeout) {}
