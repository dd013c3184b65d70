package dev.tentpole.cache;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Lets equal lists of keys, of which each load brings its own, be one: so neighbours compare at a glance, and hold them once.
 *
 * <p>It forgets a list for another one in its place, or if nobody else has it. Then lists are equal and not the same, which
 * costs time and memory and nothing else.
 */
final class SharedKeys<S> {

    private static final int PLACES = 1_024;

    private final AtomicReferenceArray<@Nullable WeakReference<List<S>>> places = new AtomicReferenceArray<>(PLACES);

    /** {@return an equal list, the same for all as far as it is known; the given one is not to be changed any more} */
    List<S> share(List<S> keys) {
        int hash = keys.hashCode();
        int place = (hash ^ hash >>> 16) & (PLACES - 1);
        WeakReference<List<S>> reference = places.get(place);
        List<S> known = reference == null ? null : reference.get();
        if (known != null && (known == keys || known.equals(keys))) {
            return known;
        }
        places.set(place, new WeakReference<>(keys));
        return keys;
    }
}
