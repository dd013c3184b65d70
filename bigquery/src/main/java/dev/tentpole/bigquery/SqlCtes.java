package dev.tentpole.bigquery;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The queries with names that can be used somewhere. */
final class SqlCtes {

    static final SqlCtes NONE = new SqlCtes(null);

    /** A query with a name. */
    static final class Entry {
        final SqlQuery.Cte cte;

        @Nullable
        SqlRelation relation;

        /** Where its query stands. */
        @Nullable
        SqlScope scope;

        /** Whether its query is being resolved, or was. */
        boolean begun;

        int references;

        Entry(SqlQuery.Cte cte) {
            this.cte = cte;
        }
    }

    private final @Nullable SqlCtes outer;
    private final Map<String, Entry> entries = new HashMap<>();

    SqlCtes(@Nullable SqlCtes outer) {
        this.outer = outer;
    }

    void put(Entry entry) {
        entries.put(SqlText.lower(entry.cte.name()), entry);
    }

    @Nullable
    Entry find(String name) {
        String key = SqlText.lower(name);
        for (SqlCtes ctes = this; ctes != null; ctes = ctes.outer) {
            Entry entry = ctes.entries.get(key);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }
}
