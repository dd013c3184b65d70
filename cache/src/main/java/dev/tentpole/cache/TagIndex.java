package dev.tentpole.cache;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which things carry a tag.
 *
 * <p>The sets are changed and copied inside of the map's atomic operations only.
 */
final class TagIndex<T> {

    private final ConcurrentHashMap<String, Set<T>> carriers = new ConcurrentHashMap<>();

    void add(Set<String> tags, T carrier) {
        for (String tag : tags) {
            carriers.compute(tag, (key, present) -> {
                // Linked, so that a copy takes no longer once there were many.
                Set<T> set = present == null ? new LinkedHashSet<>() : present;
                set.add(carrier);
                return set;
            });
        }
    }

    void remove(Set<String> tags, T carrier) {
        for (String tag : tags) {
            carriers.computeIfPresent(tag, (key, set) -> {
                set.remove(carrier);
                return set.isEmpty() ? null : set;
            });
        }
    }

    /** {@return a copy of what carries a tag} */
    Set<T> get(String tag) {
        Set<T> copy = new HashSet<>();
        carriers.computeIfPresent(tag, (key, set) -> {
            copy.addAll(set);
            return set;
        });
        return copy;
    }

    int size() {
        return carriers.size();
    }
}
