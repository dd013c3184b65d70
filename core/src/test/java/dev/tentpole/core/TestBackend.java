package dev.tentpole.core;

import dev.tentpole.core.frame.Field;
import dev.tentpole.core.frame.Frame;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A backend whose behaviour is a lambda. */
final class TestBackend implements Backend {

    /** What a query does. */
    interface Behaviour {
        List<Frame> answer(Query query, QueryContext context) throws Exception;
    }

    static final TimeRange AN_HOUR =
            new TimeRange(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-01T01:00:00Z"));

    private final String name;
    private final String type;
    private final Behaviour behaviour;
    private final Predicate<Query> handles;
    final AtomicInteger closed = new AtomicInteger();

    TestBackend(String name, String type, Predicate<Query> handles, Behaviour behaviour) {
        this.name = name;
        this.type = type;
        this.handles = handles;
        this.behaviour = behaviour;
    }

    static TestBackend of(String name, Behaviour behaviour) {
        return new TestBackend(name, "test", query -> true, behaviour);
    }

    /** Answers with a frame that is named after the backend. */
    static TestBackend answering(String name, String type) {
        return new TestBackend(name, type, query -> true, (query, context) -> List.of(frame(name)));
    }

    static Frame frame(String name) {
        return Frame.of(name, Field.ofLongs("value", 1));
    }

    static Query query(String refId, String backend) {
        return Query.builder(refId).backend(backend).timeRange(AN_HOUR).build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public boolean canHandle(Query query) {
        return handles.test(query);
    }

    @Override
    public List<Frame> query(Query query, QueryContext context) throws Exception {
        return behaviour.answer(query, context);
    }

    @Override
    public BackendHealth checkHealth(QueryContext context) throws Exception {
        behaviour.answer(query("health", name), context);
        return BackendHealth.ok("fine");
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
