package dev.tentpole.bigquery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement as it is written.
 *
 * @param kind the word that it begins with, in capitals
 * @param query what it reads; null if it reads nothing
 * @param target the table whose rows it changes, and whether it must read all of it
 * @param exprs other expressions, which may have queries in them
 * @param control what it does to the statements around it
 * @param unread whether what it reads cannot be told
 */
record SqlStatement(
        String kind,
        @Nullable SqlQuery query,
        @Nullable Target target,
        List<SqlExpr> exprs,
        Control control,
        boolean unread,
        int start,
        int end) {

    /** A table that a statement changes. */
    record Target(List<String> path, boolean read, int start, int end) {

        /** The same table as one of the session. */
        Target ofSession() {
            return new Target(List.of(SqlTables.SESSION, path.get(path.size() - 1)), read, start, end);
        }

        boolean isOfSession() {
            return path.get(0).equals(SqlTables.SESSION);
        }
    }

    /**
     * What a statement of a script does, also to those that follow.
     *
     * @param declares variables that it declares, system variables that it sets
     * @param blocks 1 if it begins a block, -1 if it ends one
     * @param optional whether it does nothing if what it makes is there already
     * @param renames whether it gives a table another name
     */
    record Control(List<String> declares, int conditions, int loops, int blocks, boolean optional, boolean renames) {
        static final Control NONE = declaring(List.of());
        static final Control OPTIONAL = new Control(List.of(), 0, 0, 0, true, false);
        static final Control RENAMING = new Control(List.of(), 0, 0, 0, false, true);

        static Control declaring(List<String> names) {
            return new Control(names, 0, 0, 0, false, false);
        }
    }
}
