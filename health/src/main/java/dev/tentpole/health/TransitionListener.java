package dev.tentpole.health;

/**
 * Is told of every change of status, once and in order.
 *
 * <p>It is called on a thread that the registry keeps for listeners, never on a check's thread and under no lock; one
 * listener that waits delays the other listeners, but no check and no reader. What it throws is logged and harms nobody.
 */
@FunctionalInterface
public interface TransitionListener {

    /**
     * Takes note of a change.
     *
     * @param transition what changed
     */
    void onTransition(Transition transition);
}
