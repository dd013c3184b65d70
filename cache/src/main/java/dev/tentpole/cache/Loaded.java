package dev.tentpole.cache;

import dev.tentpole.cache.Answer.Reason;

/** How a load ended: with an entry that holds a value or a failure, kept or not, or a stale one that serves instead. */
record Loaded<K, V>(Entry<K, V> entry, End end, Reason reason) {

    /** How a load ended. */
    enum End {
        /** Somebody else had put a fresh entry there. */
        FOUND,
        /** With the entry's value. */
        LOADED,
        /** It failed, and the entry is stale. */
        STALE,
        /** It failed, and the entry says why. */
        FAILED,
        /** It goes on or is left to others, since its caller has no more time; the entry is stale. */
        LEFT
    }
}
