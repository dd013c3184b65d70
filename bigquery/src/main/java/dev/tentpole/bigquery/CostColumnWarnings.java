package dev.tentpole.bigquery;

import dev.tentpole.bigquery.CostWarning.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The warnings about columns of one statement: which are selected for nothing, and which are read in whole. */
final class CostColumnWarnings {

    private static final int MOST_STEPS = 100_000;
    private static final int DEEPEST = 20;
    private static final int MOST_NAMES = 5;

    private final SqlNotes notes;
    private final List<SqlScan> scans;
    /** Whether any column is expected not to be read that may be. */
    private final boolean unused;
    /** Whether any JSON column is read. */
    private final boolean json;

    private final Set<SqlScan> said = Collections.newSetFromMap(new IdentityHashMap<>(4));
    private int steps;

    CostColumnWarnings(SqlNotes notes, List<SqlScan> scans) {
        this.notes = notes;
        this.scans = scans;
        unused = scans.stream().anyMatch(CostColumnWarnings::isUnused);
        json = scans.stream().anyMatch(CostColumnWarnings::hasJson);
    }

    private static boolean isUnused(SqlScan scan) {
        return scan.hasLive(SqlScan.UPPER, SqlScan.EXPECTED);
    }

    private static boolean hasJson(SqlScan scan) {
        return scan.schema != null && scan.schema.leaves().hasJson();
    }

    /** Looks at what a relation selects and needs. */
    void relation(SqlRelation relation) {
        if (notes.isFull() || !(unused || json)) {
            return;
        }
        boolean read = (relation.active & SqlScan.EXPECTED) != 0;
        for (SqlSlot slot : relation.columns) {
            if (slot instanceof SqlSlot.Computed computed) {
                boolean used = slot.isDemanded(SqlScan.EXPECTED);
                if (unused && read && !used && slot.isDemanded(SqlScan.UPPER)) {
                    column(computed);
                }
                if (json && used) {
                    json(computed.expr, computed.scope, false);
                }
            }
        }
        for (SqlRelation.Needed needed : relation.needed) {
            if (json && read) {
                json(needed.expr(), needed.scope(), false);
            }
        }
    }

    private void column(SqlSlot.Computed slot) {
        List<SqlScan> from = new ArrayList<>();
        unused(slot.expr, slot.scope, 0, from);
        // What a view selects is told where the view is named, for all of it.
        if (!from.isEmpty() && slot.expr.end() <= notes.sql().length()) {
            said.addAll(from);
            notes.warn(
                    CostWarning.Id.UNUSED_CTE_COLUMNS,
                    Severity.INFO,
                    slot.expr.start(),
                    slot.expr.end(),
                    "This column is selected and then not used; most likely it is not read.",
                    "the query without it",
                    0);
        }
    }

    /** Adds the tables of which a column is made of something that is expected not to be read. */
    private void unused(SqlExpr expr, SqlScope scope, int depth, List<SqlScan> from) {
        if (++steps > MOST_STEPS || depth > DEEPEST) {
            return;
        }
        if (expr instanceof SqlExpr.Path path) {
            SqlScope.Found found = scope.find(path.names());
            SqlSlot slot = found == null ? null : found.slot();
            if (slot instanceof SqlSlot.Row row
                    && found != null
                    && !found.rest().isEmpty()) {
                slot = row.field(found.rest().get(0));
            }
            if (slot instanceof SqlSlot.Computed computed) {
                unused(computed.expr, computed.scope, depth + 1, from);
            } else if (slot instanceof SqlSlot.Column column && isUnused(column)) {
                from.add(column.scan);
            }
        }
        for (SqlExpr part : SqlTrees.parts(expr)) {
            unused(part, scope, depth, from);
        }
    }

    private static boolean isUnused(SqlSlot.Column column) {
        boolean any = false;
        if (column.node != null) {
            for (int i = column.node.first(); i < column.node.last(); i++) {
                int live = column.scan.live(i);
                any |= (live & SqlScan.UPPER) != 0 && (live & SqlScan.EXPECTED) == 0;
            }
        }
        return any;
    }

    /** Points at JSON columns of which a part is taken. */
    private void json(SqlExpr expr, SqlScope scope, boolean part) {
        if (++steps > MOST_STEPS) {
            return;
        }
        if (expr instanceof SqlExpr.Path path) {
            String column = json(path, scope, part);
            if (column != null) {
                notes.warn(
                        CostWarning.Id.JSON_WHOLE_COLUMN,
                        Severity.INFO,
                        path.start(),
                        path.end(),
                        "The JSON column " + column + " is read as a whole, whatever is taken from it.",
                        "columns for what is asked for often",
                        -1);
            }
        }
        boolean taken = expr instanceof SqlExpr.Element
                || expr instanceof SqlExpr.Member
                || (expr instanceof SqlExpr.Call call
                        && call.name().startsWith("JSON_")
                        && call.args().size() > 1);
        for (SqlExpr below : SqlTrees.parts(expr)) {
            json(below, scope, taken || (part && !(expr instanceof SqlExpr.Call)));
        }
    }

    /** The name of the JSON column of which a path takes a part; null if it does not. */
    private static @Nullable String json(SqlExpr.Path path, SqlScope scope, boolean part) {
        SqlExpr.Path at = path;
        SqlScope in = scope;
        boolean taken = part;
        for (int i = 0; i < DEEPEST; i++) {
            SqlScope.Found found = in.find(at.names());
            if (found == null) {
                return null;
            }
            SqlSlot slot = found.slot();
            List<String> rest = found.rest();
            if (slot instanceof SqlSlot.Row row && !rest.isEmpty()) {
                slot = row.field(rest.get(0));
                rest = rest.subList(1, rest.size());
            }
            if (slot instanceof SqlSlot.Column column && column.node != null) {
                TableLeaves.Node node = column.node;
                int next = 0;
                TableLeaves.Node child = rest.isEmpty() ? null : node.child(rest.get(0));
                while (child != null) {
                    node = child;
                    next++;
                    child = next < rest.size() ? node.child(rest.get(next)) : null;
                }
                boolean json = node.field().type() == TableField.Type.JSON && (taken || next < rest.size());
                return json ? column.name : null;
            }
            if (!(slot instanceof SqlSlot.Computed computed) || !(computed.expr instanceof SqlExpr.Path next)) {
                return null;
            }
            taken |= !rest.isEmpty();
            at = next;
            in = computed.scope;
        }
        return null;
    }

    /** Looks at stars and whole rows, and at what is left of columns that are not used. */
    void stars() {
        for (SqlNotes.Star star : notes.stars) {
            star(star);
        }
        for (SqlScan scan : scans) {
            if (isUnused(scan)) {
                notes.assume(CostAssumption.UNUSED_COLUMNS_ARE_PRUNED);
                if (said.add(scan) && (scan.active & SqlScan.EXPECTED) != 0) {
                    unused(scan.start, scan.end, List.of(scan));
                }
            }
        }
    }

    private void unused(int start, int end, List<SqlScan> from) {
        List<String> names = new ArrayList<>();
        for (SqlScan scan : from) {
            for (SqlSlot slot : scan.columns()) {
                if (slot instanceof SqlSlot.Column column && isUnused(column)) {
                    names.add(column.name);
                }
            }
        }
        notes.warn(
                CostWarning.Id.UNUSED_CTE_COLUMNS,
                Severity.INFO,
                start,
                end,
                "Columns are selected and then not used: " + some(names) + "; most likely they are not read.",
                "the query without them",
                0);
    }

    private void star(SqlNotes.Star star) {
        if (notes.isFull()) {
            return;
        }
        List<String> names = new ArrayList<>();
        List<SqlScan> pruned = new ArrayList<>();
        long saves = 0;
        boolean whole = false;
        for (SqlScan scan : star.scans()) {
            if (scan.schema == null) {
                whole = true;
                saves = -1;
            } else if ((scan.active & SqlScan.EXPECTED) != 0 && isUnused(scan)) {
                pruned.add(scan);
            } else if (isWhole(scan, star, names)) {
                whole = true;
                long more = CostSavings.star(scan, star.without());
                saves = saves < 0 || more < 0 ? -1 : CostBytes.plus(saves, more);
            }
        }
        if (!pruned.isEmpty() && star.id() == CostWarning.Id.SELECT_STAR && said.addAll(pruned)) {
            unused(star.start(), star.end(), pruned);
        }
        if (whole) {
            boolean rows = star.id() == CostWarning.Id.REPEATED_FULL_STRUCT;
            String needed = names.isEmpty() ? "" : " of " + some(names);
            notes.warn(
                    star.id(),
                    saves == 0 ? Severity.INFO : Severity.WARNING,
                    star.start(),
                    star.end(),
                    rows
                            ? "A whole row is read; only the fields that are needed cost money."
                            : "A star reads every column of its tables; only the columns that are needed cost money.",
                    rows ? "STRUCT(…) with those that are needed" + needed : "the columns that are needed" + needed,
                    saves);
        }
    }

    /** Whether all of several columns of a star are expected to be read; adds their names. */
    private static boolean isWhole(SqlScan scan, SqlNotes.Star star, List<String> names) {
        int before = names.size();
        for (TableLeaves.Node node : scan.schema == null
                ? List.<TableLeaves.Node>of()
                : scan.schema.leaves().columns()) {
            if (star.without().contains(node.lowerName())) {
                continue;
            }
            names.add(star.qualifier() + CostRewrites.name(node.field().name()));
            for (int i = node.first(); i < node.last(); i++) {
                if ((scan.live(i) & SqlScan.EXPECTED) == 0) {
                    names.subList(before, names.size()).clear();
                    return false;
                }
            }
        }
        return names.size() - before > 1;
    }

    private static String some(List<String> names) {
        boolean more = names.size() > MOST_NAMES;
        return String.join(", ", more ? names.subList(0, MOST_NAMES) : names) + (more ? ", …" : "");
    }
}
