package dev.tentpole.core;

import dev.tentpole.base.Args;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the backend that answers a query: by name if the query asks for one, then by type.
 *
 * <p>Several backends of one type are tried by priority, the smallest number first, then by name; the first that can
 * handle the query gets it. The outcome does not depend on the order in which backends were added. Immutable and safe for
 * use by several threads, as far as the backends are.
 */
public final class Router {

    private final List<Backend> backends;

    private Router(List<Entry> entries) {
        this.backends = entries.stream()
                .sorted(Comparator.comparingInt(Entry::priority)
                        .thenComparing(entry -> entry.backend().name()))
                .map(Entry::backend)
                .toList();
    }

    /**
     * {@return a builder of a router}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the backend that answers the query}
     *
     * @param query the query
     * @throws QueryException with status 404 if no backend has the name or the type that is asked for, with status 400 if
     *     none that has can handle the query; the message lists the names or types that there are
     */
    public Backend route(Query query) {
        Optional<String> name = query.backend();
        if (name.isPresent()) {
            return byName(name.get(), query);
        }
        List<Backend> candidates = query.type().map(this::ofType).orElse(backends);
        return candidates.stream()
                .filter(backend -> backend.canHandle(query))
                .findFirst()
                .orElseThrow(() -> QueryException.badQuery("none of the backends " + names(candidates)
                        + " can handle the query: check its fields, or ask for a backend by name"));
    }

    /**
     * {@return all backends, by priority, then by name}
     */
    public List<Backend> backends() {
        return backends;
    }

    private Backend byName(String name, Query query) {
        Backend backend = backends.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> QueryException.plugin(
                        404, "there is no backend \"" + shortened(name) + "\"; there are " + names(backends)));
        if (!backend.canHandle(query)) {
            throw QueryException.badQuery(
                    "the backend \"" + name + "\" can't handle the query: it is of type " + backend.type());
        }
        return backend;
    }

    private List<Backend> ofType(String type) {
        List<Backend> found =
                backends.stream().filter(backend -> backend.type().equals(type)).toList();
        if (found.isEmpty()) {
            String types =
                    backends.stream().map(Backend::type).distinct().sorted().collect(Collectors.joining(", "));
            throw QueryException.plugin(
                    404, "there is no backend of type \"" + shortened(type) + "\"; there are the types " + types);
        }
        return found;
    }

    private static String names(List<Backend> backends) {
        return backends.stream()
                .map(backend -> backend.name() + " (" + backend.type() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private record Entry(Backend backend, int priority) {}

    /**
     * Builds a {@link Router}. Not safe for use by several threads.
     */
    public static final class Builder {

        private final List<Entry> entries = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a backend with priority 0.
         *
         * @param backend the backend
         * @return this builder
         * @throws IllegalArgumentException if there is one of that name already, or its name or type is blank
         */
        public Builder backend(Backend backend) {
            return backend(backend, 0);
        }

        /**
         * Adds a backend.
         *
         * @param backend the backend
         * @param priority among the backends of its type; the smallest is tried first
         * @return this builder
         * @throws IllegalArgumentException if there is one of that name already, or its name or type is blank
         */
        public Builder backend(Backend backend, int priority) {
            Objects.requireNonNull(backend, "backend");
            Args.notBlank("the backend's name", backend.name());
            Args.notBlank("the backend's type", backend.type());
            Args.check(
                    entries.stream().noneMatch(entry -> entry.backend().name().equals(backend.name())),
                    "the backend's name",
                    backend.name(),
                    "unique, and another backend has it");
            entries.add(new Entry(backend, priority));
            return this;
        }

        /**
         * {@return the router}
         *
         * @throws IllegalArgumentException if there is no backend
         */
        public Router build() {
            Args.check(!entries.isEmpty(), "number of backends", 0, "at least 1");
            return new Router(entries);
        }
    }
}
