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

    private final SqlFold fold;
    private final SqlNotes notes;
    private final CostEstimator settings;

    SqlFilters(SqlFold fold, SqlNotes notes, CostEstimator settings) {
        this.fold = fold;
        this.notes = notes;
        this.settings = settings;
    }

    /** Narrows the scans to which the conditions of a relation apply. */
    void apply(SqlRelation relation) {
        for (Needed filter : relation.filters) {
            apply(filter, relation, true);
        }
        for (Needed filter : relation.outerFilters) {
            apply(filter, relation, false);
        }
    }

    private void apply(Needed filter, SqlRelation relation, boolean inner) {
        if (isNever(filter.expr())) {
            relation.empty = true;
            notes.assume(CostAssumption.NEVER_TRUE_READS_NOTHING);
        }
        Set<SqlScan> scans = new LinkedHashSet<>();
        candidates(filter.expr(), filter.scope(), scans);
        if (SqlTrees.any(filter.expr(), part -> part instanceof SqlExpr.Unknown)) {
            for (SqlScope.Var var : filter.scope().sources()) {
                if (var.scan != null) {
                    var.scan.selection = var.scan.selection.and(SqlSelection.UNKNOWN);
                    var.scan.suffixUnknown = true;
                }
            }
        }
        for (SqlScan scan : scans) {
            boolean direct = inner && scan.relation == relation && !relation.pivoted;
            if (scan.wildcard) {
                suffix(filter, scan, direct);
            }
            if (scan.schema != null && scan.schema.partitioning().isPresent()) {
                SqlSelection selection =
                        new SqlPartitions(fold, notes, scan, direct).select(filter.expr(), filter.scope());
                narrow(scan, selection, relation, inner);
            }
        }
    }

    private void narrow(SqlScan scan, SqlSelection selection, SqlRelation relation, boolean inner) {
        boolean nullable = scan.optional && selection.upper().nulls();
        SqlSelection found = selection;
        if (!inner || nullable) {
            found = new SqlSelection(selection.lower(), inner ? SqlRanges.ALL : selection.expected(), SqlRanges.ALL);
        } else if (scan.relation != relation || relation.pivoted) {
            boolean blocked = relation.pivoted || relation.blocksBelow();
            boolean shared = scan.multiplicity > 1;
            boolean pushed = !blocked && !shared;
            if (!found.isAll()) {
                notes.assume(CostAssumption.FILTERS_ARE_PUSHED_DOWN);
                scan.pushed = true;
            }
            boolean trusted = pushed && settings.trusts(CostAssumption.FILTERS_ARE_PUSHED_DOWN);
            SqlRanges lower = shared ? SqlRanges.NONE : found.lower();
            found = new SqlSelection(
                    found.isAll() ? SqlRanges.ALL : lower,
                    pushed ? found.expected() : SqlRanges.ALL,
                    trusted ? found.upper() : SqlRanges.ALL);
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

    /** The scans whose partition column or pseudo columns a condition mentions. */
    private void candidates(SqlExpr expr, SqlScope scope, Set<SqlScan> scans) {
        if (expr instanceof SqlExpr.Path path) {
            SqlSlot slot = SqlPartitions.target(path, scope);
            if (slot instanceof SqlSlot.Column column && !column.scan.tables.isEmpty()) {
                column.scan.filtered.add(SqlText.lower(column.name));
            }
            if (slot instanceof SqlSlot.Column column && column.scan.isPartitionColumn(slot)) {
                scans.add(column.scan);
            } else if (slot instanceof SqlSlot.Pseudo pseudo) {
                scans.add(pseudo.scan);
            }
        }
        for (SqlExpr part : SqlTrees.parts(expr)) {
            candidates(part, scope, scans);
        }
    }

    private void suffix(Needed filter, SqlScan scan, boolean direct) {
        if (!mentionsSuffix(filter.expr(), filter.scope(), scan)) {
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
            Boolean hit = test(filter.expr(), filter.scope(), scan, member.suffix);
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

    /** All relations that are computed, inputs before what uses them. */
    static List<SqlRelation> inOrder(SqlRelation root) {
        List<SqlRelation> order = new ArrayList<>();
        Set<SqlRelation> seen = new HashSet<>();
        List<Object[]> stack = new ArrayList<>();
        stack.add(new Object[] {root, 0});
        seen.add(root);
        while (!stack.isEmpty()) {
            Object[] top = stack.get(stack.size() - 1);
            SqlRelation relation = (SqlRelation) top[0];
            int next = (Integer) top[1];
            List<SqlRelation> inputs = relation.allInputs();
            if (next == inputs.size()) {
                order.add(relation);
                stack.remove(stack.size() - 1);
                continue;
            }
            top[1] = next + 1;
            if (seen.add(inputs.get(next))) {
                stack.add(new Object[] {inputs.get(next), 0});
            }
        }
        return order;
    }
}
