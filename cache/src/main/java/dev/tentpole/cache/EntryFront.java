package dev.tentpole.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Some of the entries of an {@link EntryStore}, where a reader finds them with less memory to look at than in Caffeine's map: an array of
 * which each hash has two slots. What is not here is in the map.
 *
 * <p>An entry here may be dead, but only until whoever killed it has taken it out: that one first kills it and then looks here, and who
 * puts one in looks afterwards whether it still lives, so that one of the two sees what the other did. So nothing stays here that is
 * gone from the map, and whoever finds an entry asks it whether it lives.
 *
 * <p>It grows with the entries, to at most 32 bytes for each and 1 MiB in all where references have four bytes, and stays as large when there
 * are fewer. Safe for use by several threads.
 */
final class EntryFront<K, V> {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Entry[].class);
    private static final int SHORTEST = 64;
    private static final int LONGEST = 1 << 18;

    /** So many slots for each entry at least, so that few hashes find both of theirs taken. */
    private static final int SLOTS_AN_ENTRY = 4;

    /** Of so many entries that find their slots taken, one takes a slot over, by chance: those that are asked for often get in. */
    private static final int PATIENCE = 16;

    private volatile Entry<K, V>[] slots = slots(SHORTEST);

    @SuppressWarnings({"unchecked", "rawtypes"}) // nothing else is put in
    private static <K, V> Entry<K, V>[] slots(int length) {
        return new Entry[length];
    }

    /** {@return a living entry, null if the key's is not here} */
    @Nullable
    Entry<K, V> find(K key) {
        Entry<K, V>[] all = slots;
        int hash = Entry.hash(key);
        int at = hash & all.length - 1;
        Entry<K, V> entry = all[at];
        if (entry == null || !entry.isOf(key, hash)) {
            entry = all[at ^ 1];
        }
        return entry != null && entry.isOf(key, hash) && entry.isAlive() ? entry : null;
    }

    /**
     * Puts an entry in if there is a slot for it.
     *
     * @param entry the entry, dead or alive
     * @param count how many there are in the map
     */
    void put(Entry<K, V> entry, long count) {
        Entry<K, V>[] all = slots;
        if (count * SLOTS_AN_ENTRY > all.length && all.length < LONGEST) {
            all = slots(2 * all.length);
            slots = all;
        }
        int at = entry.hash & all.length - 1;
        if (all[at] != null) {
            at ^= 1;
        }
        if (all[at] == null || ThreadLocalRandom.current().nextInt(PATIENCE) == 0) {
            SLOT.setVolatile(all, at, entry);
            if (!entry.isAlive()) {
                remove(entry, all);
            }
        }
    }

    /** Takes an entry out that has been killed. */
    void remove(Entry<K, V> entry) {
        remove(entry, slots);
    }

    /** How many entries are here. */
    int count() {
        int count = 0;
        for (Entry<K, V> entry : slots) {
            count += entry == null ? 0 : 1;
        }
        return count;
    }

    private void remove(Entry<K, V> entry, Entry<K, V>[] all) {
        int at = entry.hash & all.length - 1;
        SLOT.compareAndSet(all, at, entry, null);
        SLOT.compareAndSet(all, at ^ 1, entry, null);
    }
}
