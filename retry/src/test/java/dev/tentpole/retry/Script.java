package dev.tentpole.retry;

import java.util.Arrays;
import java.util.List;

/** A call that does as it is told: throws what is a {@link Throwable}, returns what is not, the last one again and again. */
final class Script implements CheckedSupplier<Object, Exception> {

    private final List<Object> outcomes;
    private int calls;

    Script(Object... outcomes) {
        this.outcomes = Arrays.asList(outcomes);
    }

    int calls() {
        return calls;
    }

    @Override
    public Object get() throws Exception {
        Object outcome = outcomes.get(Math.min(calls, outcomes.size() - 1));
        calls++;
        if (outcome instanceof Runnable action) {
            action.run();
            return "ran";
        } else if (outcome instanceof Throwable thrown) {
            throw Engine.<Exception>as(thrown);
        }
        return outcome;
    }
}
