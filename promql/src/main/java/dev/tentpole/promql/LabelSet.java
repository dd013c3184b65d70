package dev.tentpole.promql;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * A set of label names: some names, or all names but some.
 *
 * @param allBut whether the names are those that are missing
 * @param names the names that belong to the set, or the only ones that do not
 */
record LabelSet(boolean allBut, Set<String> names) {

    static final LabelSet NONE = new LabelSet(false, Set.of());
    static final LabelSet ALL = new LabelSet(true, Set.of());
    static final LabelSet ALL_BUT_NAME = new LabelSet(true, Set.of(Matcher.METRIC_NAME));
    /** What is left where the server drops the metric name: with it go the type and the unit. */
    static final LabelSet ALL_BUT_METADATA = new LabelSet(true, Set.of(Matcher.METRIC_NAME, "__type__", "__unit__"));

    LabelSet {
        names = Set.copyOf(names);
    }

    static LabelSet of(Collection<String> names) {
        return names.isEmpty() ? NONE : new LabelSet(false, Set.copyOf(names));
    }

    static LabelSet allBut(Collection<String> names) {
        return names.isEmpty() ? ALL : new LabelSet(true, Set.copyOf(names));
    }

    boolean contains(String name) {
        return names.contains(name) != allBut;
    }

    boolean isEmpty() {
        return !allBut && names.isEmpty();
    }

    LabelSet with(Collection<String> more) {
        if (more.isEmpty()) {
            return this;
        }
        Set<String> result = new HashSet<>(names);
        if (allBut) {
            result.removeAll(more);
        } else {
            result.addAll(more);
        }
        return new LabelSet(allBut, result);
    }

    LabelSet without(Collection<String> less) {
        if (less.isEmpty()) {
            return this;
        }
        Set<String> result = new HashSet<>(names);
        if (allBut) {
            result.addAll(less);
        } else {
            result.removeAll(less);
        }
        return new LabelSet(allBut, result);
    }

    LabelSet and(LabelSet other) {
        if (!other.allBut) {
            Set<String> result = new HashSet<>(other.names);
            result.removeIf(name -> !contains(name));
            return new LabelSet(false, result);
        }
        return without(other.names);
    }

    /** {@return the names that belong to either} */
    LabelSet or(LabelSet other) {
        if (!other.allBut) {
            return with(other.names);
        }
        Set<String> missing = new HashSet<>(other.names);
        missing.removeIf(this::contains);
        return new LabelSet(true, missing);
    }

    /** {@return whether all names belong to the other set too} */
    boolean within(LabelSet other) {
        if (!allBut) {
            return names.stream().allMatch(other::contains);
        }
        return other.allBut && other.names.stream().noneMatch(this::contains);
    }
}
