package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlRelation.Needed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds which partitions and which tables of a wildcard the conditions of a statement select. */
final class SqlFilters {

    /** Conditions of more parts times more tables are not looked into. */
    private static final long MOST_WORK = 4_000_000;

    private final SqlFold fold;
    private final SqlOrigins origins = new SqlOrigins();
    private final SqlNotes notes;
    private final CostEstimator settings;

    /** Where a condition stands. */
    private enum Place {
        ROWS,
        OUTER_JOIN,
        LATER
    }

    SqlFilters(SqlFold fold, SqlNotes notes, CostEstimator settings) {
        this.fold = fold;
        this.notes = notes;
        this.settings = settings;
    }

    /** Narrows the scans to which the conditions of a relation apply. */
    void apply(SqlRelation relation) {
        for (Needed filter : relation.filters) {
            apply(filter, relation, Place.ROWS);
        }
        for (Needed filter : relation.outerFilters) {
            apply(filter, relation, Place.OUTER_JOIN);
        }
        for (Needed filter : relation.laterFilters) {
            apply(filter, relation, Place.LATER);
        }
    }

    /** Each condition of a conjunction selects for itself. */
    private void apply(Needed filter, SqlRelation relation, Place place) {
        if (filter.expr() instanceof SqlExpr.Call call && call.name().equals("AND")) {
            for (SqlExpr arg : call.args()) {
                apply(new Needed(arg, filter.scope()), relation, place);
            }
            return;
        }
        if (place == Place.ROWS && isNever(filter.expr())) {
            relation.empty = true;
            relation.never = true;
            notes.assume(CostAssumption.NEVER_TRUE_READS_NOTHING);
        }
        Set<SqlScan> scans = new LinkedHashSet<>();
        int size = candidates(filter.expr(), filter.scope(), scans);
        if (SqlTrees.any(filter.expr(), part -> part instanceof SqlExpr.Unknown)) {
            for (SqlScope.Var var : filter.scope().notYetUnknown()) {
                if (var.scan != null) {
                    var.scan.unknown();
                }
            }
        }
        boolean large = (long) size * scans.size() > MOST_WORK;
        for (SqlScan scan : scans) {
            boolean direct = place == Place.ROWS && scan.relation == relation && !relation.pivoted;
            if (scan.wildcard) {
                suffix(filter, scan, direct, large || (long) size * scan.tables.size() > MOST_WORK);
            }
            if (scan.schema != null && scan.schema.partitioning().isPresent()) {
                SqlSelection selection = large
                        ? SqlSelection.UNKNOWN
                        : new SqlPartitions(fold, notes, scan, direct).select(filter.expr(), filter.scope());
                narrow(scan, selection, relation, place);
            }
        }
    }

    private void narrow(SqlScan scan, SqlSelection selection, SqlRelation relation, Place place) {
        if (selection.isAll()) {
            return;
        }
        boolean outside = scan.relation != null && scan.relation.order > relation.order;
        SqlSelection found = selection;
        if (place == Place.LATER || outside) {
            found = new SqlSelection(selection.lower(), SqlRanges.ALL, SqlRanges.ALL);
        } else if (place == Place.OUTER_JOIN) {
            // Rows of the other side stay, whatever the condition says.
            found = new SqlSelection(
                    selection.lower(), scan.optional ? selection.expected() : SqlRanges.ALL, SqlRanges.ALL);
        } else if (scan.relation != relation || relation.pivoted || scan.optional) {
            boolean nullable = scan.optional && selection.upper().nulls();
            boolean blocked = relation.pivoted || (scan.relation != relation && relation.blocksBelow());
            boolean shared = scan.relation != relation && scan.multiplicity > 1;
            boolean pushed = !blocked && !shared && !nullable;
            notes.assume(CostAssumption.FILTERS_ARE_PUSHED_DOWN);
            scan.pushed = true;
            boolean trusted = pushed && settings.trusts(CostAssumption.FILTERS_ARE_PUSHED_DOWN);
            found = new SqlSelection(
                    shared ? SqlRanges.NONE : selection.lower(),
                    pushed ? selection.expected() : SqlRanges.ALL,
                    trusted ? selection.upper() : SqlRanges.ALL);
        }
        scan.selection = scan.selection.and(found);
    }

    /** Whether a condition is constant and not true. */
    private boolean isNever(SqlExpr expr) {
        if (expr instanceof SqlExpr.Call call && call.name().equals("AND")) {
            for (SqlExpr arg : call.args()) {
                if (isNever(arg)) {
                    return true;
                }
            }
            return false;
        }
        SqlValue value = fold.value(expr, SqlFold.NOTHING);
        if (value == null && expr instanceof SqlExpr.Call call && call.args().size() == 2) {
            Boolean compared = compare(call, SqlFold.NOTHING);
            return compared != null && !compared;
        }
        return value != null && (value.isNull() || Boolean.FALSE.equals(value.value()));
    }

    /** Adds the scans whose partition column or pseudo columns a condition mentions; returns its size. */
    private int candidates(SqlExpr expr, SqlScope scope, Set<SqlScan> scans) {
        int size = 1;
        if (expr instanceof SqlExpr.Path path) {
            size += origins.add(path, scope, scans);
        }
        for (SqlExpr part : SqlTrees.parts(expr)) {
            size += candidates(part, scope, scans);
        }
        return size;
    }

    /** Whether there was too much to look through, so that any scan may be narrowed by any condition. */
    boolean isLost() {
        return origins.isLost();
    }

    private void suffix(Needed filter, SqlScan scan, boolean direct, boolean large) {
        if (!mentionsSuffix(filter.expr(), filter.scope(), scan)) {
            // What is made of the suffix further down may select tables too.
            scan.suffixUnknown = true;
            return;
        }
        boolean simple = isSimple(filter.expr(), filter.scope(), scan);
        if (!simple) {
            notes.assume(CostAssumption.SUFFIX_PREFIX_SELECTS_TABLES);
        }
        boolean sure =
                direct && !scan.optional && (simple || settings.trusts(CostAssumption.SUFFIX_PREFIX_SELECTS_TABLES));
        List<SqlScan.Member> members = scan.members();
        boolean unknown = false;
        for (SqlScan.Member member : members) {
            Boolean hit = large ? null : test(filter.expr(), filter.scope(), scan, member.suffix);
            unknown |= hit == null;
            if (hit == null) {
                member.lower = false;
            } else if (!hit) {
                member.lower = false;
                member.expected = false;
                member.upper &= !sure;
            }
        }
        scan.suffixFiltered = true;
        if (unknown) {
            notes.suffixNotConstant(filter.expr(), scan);
        }
    }

    private boolean mentionsSuffix(SqlExpr expr, SqlScope scope, SqlScan scan) {
        return SqlTrees.any(
                expr,
                part -> part instanceof SqlExpr.Path path
                        && SqlPartitions.target(path, scope) instanceof SqlSlot.Pseudo pseudo
                        && pseudo.scan == scan
                        && pseudo.name.equals("_TABLE_SUFFIX"));
    }

    /** Whether the suffix stands bare in comparisons of the documented forms. */
    private boolean isSimple(SqlExpr expr, SqlScope scope, SqlScan scan) {
        if (!mentionsSuffix(expr, scope, scan)) {
            return true;
        }
        if (!(expr instanceof SqlExpr.Call call)) {
            return false;
        }
        boolean logic = call.name().equals("AND") || call.name().equals("OR");
        boolean comparison = switch (call.name()) {
            case "=", "<", "<=", ">", ">=", "BETWEEN", "IN" -> true;
            default -> false;
        };
        for (SqlExpr arg : call.args()) {
            boolean bare = arg instanceof SqlExpr.Path;
            if (logic ? !isSimple(arg, scope, scan) : !bare && mentionsSuffix(arg, scope, scan)) {
                return false;
            }
        }
        return logic || comparison;
    }

    /** Whether a table of a wildcard passes a condition; null if that cannot be told. */
    private @Nullable Boolean test(SqlExpr expr, SqlScope scope, SqlScan scan, String suffix) {
        if (!mentionsSuffix(expr, scope, scan)) {
            return true;
        }
        SqlFold.Binding binding =
                path -> SqlPartitions.target(path, scope) instanceof SqlSlot.Pseudo pseudo && pseudo.scan == scan
                        ? SqlValue.of(suffix)
                        : null;
        if (!(expr instanceof SqlExpr.Call call)) {
            return null;
        }
        switch (call.name()) {
            case "AND", "OR" -> {
                boolean and = call.name().equals("AND");
                boolean unknown = false;
                for (SqlExpr arg : call.args()) {
                    Boolean part = test(arg, scope, scan, suffix);
                    if (part != null && part != and) {
                        return !and;
                    }
                    unknown |= part == null;
                }
                return unknown ? null : and;
            }
            case "NOT" -> {
                boolean other =
                        SqlTrees.any(expr, part -> part instanceof SqlExpr.Path path && binding.value(path) == null);
                Boolean part = other ? null : test(call.args().get(0), scope, scan, suffix);
                return part == null ? null : !part;
            }
            case "BETWEEN" -> {
                Boolean low = compare(">=", call.args().get(0), call.args().get(1), binding);
                Boolean high = compare("<=", call.args().get(0), call.args().get(2), binding);
                return (low == null || high == null) ? null : Boolean.valueOf(low && high);
            }
            case "IN" -> {
                boolean unknown = false;
                for (SqlExpr arg : call.args().subList(1, call.args().size())) {
                    Boolean same = compare("=", call.args().get(0), arg, binding);
                    if (same != null && same) {
                        return true;
                    }
                    unknown |= same == null;
                }
                return unknown ? null : false;
            }
            case "IN UNNEST" -> {
                SqlValue value = fold.value(call.args().get(0), binding);
                List<SqlValue> values = fold.array(call.args().get(1), binding);
                return (value == null || values == null) ? null : Boolean.valueOf(values.contains(value));
            }
            case "LIKE" -> {
                SqlValue value = fold.value(call.args().get(0), binding);
                SqlValue pattern = fold.value(call.args().get(1), binding);
                return (value == null || pattern == null) ? null : like(value, pattern);
            }
            default -> {
                Boolean compared = call.args().size() == 2 ? compare(call, binding) : null;
                if (compared != null) {
                    return compared;
                }
                SqlValue value = fold.value(call, binding);
                return (value != null && value.value() instanceof Boolean truth) ? truth : null;
            }
        }
    }

    /** A prefix alone is understood. */
    private static @Nullable Boolean like(SqlValue value, SqlValue pattern) {
        if (!(value.value() instanceof String text) || !(pattern.value() instanceof String like)) {
            return null;
        }
        int wild = like.length();
        for (int i = 0; i < like.length(); i++) {
            if ("%_\\".indexOf(like.charAt(i)) >= 0) {
                wild = i;
                break;
            }
        }
        if (wild == like.length()) {
            return text.equals(like);
        }
        if (!text.startsWith(like.substring(0, wild))) {
            return false;
        }
        return like.substring(wild).equals("%") ? true : null;
    }

    private @Nullable Boolean compare(SqlExpr.Call call, SqlFold.Binding binding) {
        return compare(call.name(), call.args().get(0), call.args().get(1), binding);
    }

    private @Nullable Boolean compare(String operator, SqlExpr left, SqlExpr right, SqlFold.Binding binding) {
        SqlValue a = fold.value(left, binding);
        SqlValue b = fold.value(right, binding);
        if (a == null || b == null || a.isNull() || b.isNull()) {
            return null;
        }
        if (a.type() != b.type() && a.type() == TableField.Type.STRING && b.type() != null) {
            a = a.as(b.type(), fold.zone());
        } else if (a.type() != b.type() && b.type() == TableField.Type.STRING && a.type() != null) {
            b = b.as(a.type(), fold.zone());
        }
        Integer order = a == null || b == null ? null : a.compare(b);
        if (order == null) {
            return null;
        }
        return switch (operator) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> null;
        };
    }

    /** A relation and which of its inputs comes next. */
    private static final class Step {
        final SqlRelation relation;
        final List<SqlRelation> inputs;
        int next;

        Step(SqlRelation relation) {
            this.relation = relation;
            inputs = relation.allInputs();
        }
    }

    /** All relations that are computed, inputs before what uses them. */
    static List<SqlRelation> inOrder(SqlRelation root) {
        List<SqlRelation> order = new ArrayList<>();
        Set<SqlRelation> seen = new HashSet<>();
        List<Step> stack = new ArrayList<>();
        stack.add(new Step(root));
        seen.add(root);
        while (!stack.isEmpty()) {
            Step top = stack.get(stack.size() - 1);
            if (top.next == top.inputs.size()) {
                order.add(top.relation);
                stack.remove(stack.size() - 1);
            } else {
                SqlRelation input = top.inputs.get(top.next++);
                if (seen.add(input)) {
                    stack.add(new Step(input));
                }
            }
        }
        return order;
    }
}
