package dev.tentpole.bigquery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A column of rows somewhere in a query: where its values come from. */
abstract sealed class SqlSlot {

    final String name;
    /** Whether constants may decide about the values; null if nothing has asked yet. */
    @Nullable
    Boolean open;

    private @Nullable Map<List<String>, Integer> demanded;
    private int demandedWhole;

    SqlSlot(String name) {
        this.name = name;
    }

    /** Notes that a field of the values is needed; returns the part of the mask that is news. */
    final int demand(List<String> path, int mask) {
        int news = mask & ~demandedWhole;
        if (path.isEmpty()) {
            demandedWhole |= mask;
            return news;
        }
        if (news == 0) {
            return 0;
        }
        if (demanded == null) {
            demanded = new HashMap<>();
        }
        int before = demanded.getOrDefault(path, 0);
        demanded.put(path, before | mask);
        return news & ~before;
    }

    /** Whether the values, or a field of them, are needed for any of these bounds. */
    final boolean isDemanded(int mask) {
        boolean any = (demandedWhole & mask) != 0;
        if (demanded != null) {
            for (int field : demanded.values()) {
                any |= (field & mask) != 0;
            }
        }
        return any;
    }

    /** A column of a table; {@code node} is null if the catalog does not know it. */
    static final class Column extends SqlSlot {
        final SqlScan scan;
        final TableLeaves.@Nullable Node node;

        Column(String name, SqlScan scan, TableLeaves.@Nullable Node node) {
            super(name);
            this.scan = scan;
            this.node = node;
        }
    }

    /** {@code _PARTITIONTIME} and its like. */
    static final class Pseudo extends SqlSlot {
        final SqlScan scan;

        Pseudo(String name, SqlScan scan) {
            super(name);
            this.scan = scan;
        }
    }

    /** What an expression makes of other columns. */
    static final class Computed extends SqlSlot {
        final SqlExpr expr;
        final SqlScope scope;

        Computed(String name, SqlExpr expr, SqlScope scope) {
            super(name);
            this.expr = expr;
            this.scope = scope;
        }
    }

    /** One of several columns, or all of them; {@code whole} is whether all of their fields are needed for any. */
    static final class Merged extends SqlSlot {
        final List<SqlSlot> inputs;
        final boolean whole;

        Merged(String name, List<SqlSlot> inputs, boolean whole) {
            super(name);
            this.inputs = inputs;
            this.whole = whole;
        }
    }

    /** A struct of columns. */
    static final class Row extends SqlSlot {
        final List<SqlSlot> fields;

        Row(String name, List<SqlSlot> fields) {
            super(name);
            this.fields = fields;
        }

        @Nullable
        SqlSlot field(String field) {
            for (SqlSlot slot : fields) {
                if (slot.name.equalsIgnoreCase(field)) {
                    return slot;
                }
            }
            return null;
        }
    }

    /** A field of a struct; {@code shape} is what its own fields are like, if that is known. */
    static final class Field extends SqlSlot {
        final SqlSlot base;
        final List<String> path;
        final @Nullable SqlSlot shape;

        Field(String name, SqlSlot base, List<String> path, @Nullable SqlSlot shape) {
            super(name);
            this.base = base;
            this.path = path;
            this.shape = shape;
        }
    }
}
