package dev.tentpole.examples;

import dev.tentpole.core.Backend;
import dev.tentpole.core.BackendHealth;
import dev.tentpole.core.Query;
import dev.tentpole.core.QueryContext;
import dev.tentpole.core.QueryException;
import dev.tentpole.core.frame.Frame;
import java.util.List;

/**
 * A source that nobody has configured: it is there, and says what to do.
 *
 * @param name the backend's name
 * @param type the backend's type
 * @param advice why it is not configured, and how to change that
 */
record UnconfiguredBackend(String name, String type, String advice) implements Backend {

    @Override
    public List<Frame> query(Query query, QueryContext context) {
        throw QueryException.plugin(503, name + " is not configured: " + advice);
    }

    @Override
    public BackendHealth checkHealth(QueryContext context) {
        return BackendHealth.unknown("not configured: " + advice);
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
