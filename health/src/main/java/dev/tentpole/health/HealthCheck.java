package dev.tentpole.health;

/**
 * Looks at one dependency and says how it is.
 *
 * <p>A registry calls it on one of its own threads, never twice at the same time, and interrupts that thread once the
 * check's timeout has passed: a check should let an interruption end it. Ready-made ones are in {@link HealthChecks}.
 */
@FunctionalInterface
public interface HealthCheck {

    /**
     * {@return how the dependency is}
     *
     * @throws Exception if it can't be told; counts as unhealthy, with the category of {@link ReasonCategory#of}
     */
    CheckResult check() throws Exception;
}
