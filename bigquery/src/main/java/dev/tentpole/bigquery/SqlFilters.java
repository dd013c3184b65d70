package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlRelation.Needed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds which partitions and which tables of a wildcard the conditions of a statement select. */
final class SqlFilters {

    /** A name that nothing has. */
    private static final SqlExpr.Path NOT_FOLLOWED = new SqlExpr.Path(List.of(""), 0, 0);

    private final SqlFold fold;
    private final SqlResolver resolver;
    private final SqlOrigins origins;
    private final SqlClashes clashes;
    private final SqlScript script;
    private final SqlNotes notes;
    private final CostEstimator settings;
    /** The outer join whose condition is applied. */
    private SqlRelation.@Nullable OuterFilter outer;
    /** Whether constants beside the suffix have decided about tables of a wildcard. */
    private boolean settled;

    /** Where a condition stands. */
    private enum Place {
        ROWS,
        OUTER_JOIN,
        LATER
    }

    SqlFilters(SqlFold fold, SqlResolver resolver, SqlNotes notes, CostEstimator settings) {
        this.fold = fold;
        this.resolver = resolver;
        origins = new SqlOrigins(resolver);
        clashes = new SqlClashes(fold);
        script = resolver.script();
        this.notes = notes;
        this.settings = settings;
    }

    /** Narrows the scans to which the conditions of a relation apply. */
    void apply(SqlRelation relation) {
        for (Needed filter : relation.filters) {
            apply(filter, relation, Place.ROWS);
        }
        for (SqlRelation.OuterFilter filter : relation.outerFilters) {
            outer = filter;
            apply(filter.condition(), relation, Place.OUTER_JOIN);
        }
        outer = null;
        for (Needed filter : relation.laterFilters) {
            apply(filter, relation, Place.LATER);
        }
        for (SqlExpr limit : relation.limits) {
            relation.empty |= fold.mayBeNothing(limit, SqlScope.root());
        }
        for (Needed array : relation.unnested) {
            relation.empty |= new SqlTruth(fold, resolver, array.scope()).mayBeNoElements(array.expr());
        }
        for (SqlRelation.Joined joined : relation.joins) {
            SqlTruth truth = new SqlTruth(fold, resolver, SqlScope.root());
            for (int i = 0; i + 1 < joined.same().size(); i += 2) {
                if (truth.mayDiffer(joined.same().get(i), joined.same().get(i + 1))) {
                    relation.empty = true;
                    notes.assume(CostAssumption.NEVER_TRUE_READS_NOTHING);
                }
            }
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
        int known = new SqlTruth(fold, resolver, filter.scope()).of(filter.expr(), fold.times(filter.scope()));
        boolean clash = clashes.add(filter.expr(), new SqlClashes.Place(filter.scope(), relation, outer));
        if (clash || SqlTruth.mayBeNever(known)) {
            relation.empty = true;
            relation.never |= place == Place.ROWS && !relation.outer && SqlTruth.isNever(known);
            notes.assume(CostAssumption.NEVER_TRUE_READS_NOTHING);
        }
        Map<SqlScan, List<SqlExpr.Path>> scans = new LinkedHashMap<>();
        int size = candidates(filter.expr(), filter.scope(), scans);
        if (SqlTrees.any(filter.expr(), part -> isUnknown(part, filter.scope()))) {
            for (SqlScope.Var var : filter.scope().notYetUnknown()) {
                if (var.scan != null) {
                    var.scan.unknown();
                }
            }
        }
        // One table is looked at in no more time than the condition takes to be read.
        boolean large = scans.size() > 1 && !script.spend((long) size * scans.size());
        scans.forEach((scan, paths) -> {
            boolean direct = place == Place.ROWS && scan.relation == relation && !relation.pivoted;
            if (scan.wildcard) {
                suffix(filter, scan, place, direct, large || !script.spend((long) size * scan.tables.size()));
            }
            if (scan.schema != null && scan.schema.partitioning().isPresent()) {
                boolean lateral = !large
                        && !isOutside(scan, relation)
                        && paths.stream().anyMatch(path -> SqlTargets.isLateral(path, filter.scope(), scan));
                SqlSelection selection = large || lateral
                        ? SqlSelection.UNKNOWN
                        : new SqlPartitions(fold, resolver, scan, direct).select(filter.expr(), filter.scope(), paths);
                narrow(scan, selection, relation, place);
            }
        });
    }

    /** Whether it may be any column: it was not understood, or nothing has its name. */
    private static boolean isUnknown(SqlExpr part, SqlScope scope) {
        return part instanceof SqlExpr.Unknown
                || (part instanceof SqlExpr.Path path && scope.find(path.names()) == null && !SqlWords.isTime(path));
    }

    private void narrow(SqlScan scan, SqlSelection selection, SqlRelation relation, Place place) {
        if (selection.isAll()) {
            return;
        }
        boolean outside = isOutside(scan, relation);
        SqlSelection found = selection;
        if (place == Place.LATER || outside) {
            found = new SqlSelection(selection.lower(), SqlRanges.ALL, SqlRanges.ALL);
        } else if (place == Place.OUTER_JOIN) {
            // Rows of the other side stay, whatever the condition says.
            found = new SqlSelection(
                    selection.lower(),
                    scan.relation == relation && mayLeaveOut(scan) ? selection.expected() : SqlRanges.ALL,
                    SqlRanges.ALL);
        } else if (scan.relation != relation || relation.pivoted || scan.optional) {
            boolean optional = scan.relation == relation ? scan.optional : scan.isOptionalAbove();
            boolean nullable = optional && selection.upper().nulls();
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

    /** Whether the rows of a scan stand around a query of an expression, whose condition this is. */
    private static boolean isOutside(SqlScan scan, SqlRelation relation) {
        return scan.relation != null && scan.relation.order > relation.order;
    }

    private boolean mayLeaveOut(SqlScan scan) {
        return outer == null || outer.mayLeaveOut(scan);
    }

    /**
     * Adds the scans of whose partition column or pseudo columns a condition is made, with the names in it that are made of
     * them; returns its size.
     */
    private int candidates(SqlExpr expr, SqlScope scope, Map<SqlScan, List<SqlExpr.Path>> scans) {
        int size = 1;
        if (expr instanceof SqlExpr.Sub sub) {
            // What it makes of columns is not followed, but may select partitions all the same.
            Set<SqlScan> found = new LinkedHashSet<>();
            size += origins.add(sub, scope, found);
            found.forEach(scan ->
                    scans.computeIfAbsent(scan, key -> new ArrayList<>()).add(NOT_FOLLOWED));
        }
        if (expr instanceof SqlExpr.Path path) {
            Set<SqlScan> found = new LinkedHashSet<>();
            size += origins.add(path, scope, found);
            found.forEach(scan ->
                    scans.computeIfAbsent(scan, key -> new ArrayList<>()).add(path));
        }
        for (SqlExpr part : SqlTrees.parts(expr)) {
            size += candidates(part, scope, scans);
        }
        return size;
    }

    /** Whether there are conditions that no row meets together; asked for when all have been applied. */
    boolean isNever() {
        boolean never = clashes.anyChoice();
        if (never) {
            notes.assume(CostAssumption.NEVER_TRUE_READS_NOTHING);
        }
        return never;
    }

    /** Whether there was too much to look through, so that any scan may be narrowed by any condition. */
    boolean isLost() {
        return origins.isLost();
    }

    private void suffix(Needed filter, SqlScan scan, Place place, boolean direct, boolean large) {
        Set<SqlExpr> suffixes = Collections.newSetFromMap(new IdentityHashMap<>(4));
        if (!mentionsSuffix(filter.expr(), filter.scope(), scan, suffixes)) {
            // What is made of the suffix further down may select tables too.
            scan.suffixUnknown = true;
            return;
        }
        scan.suffixFiltered = true;
        if (large) {
            scan.suffixUnknown = true;
            notes.suffixNotConstant(filter.expr(), scan);
            return;
        }
        boolean simple = isSimple(filter.expr(), suffixes);
        if (!simple) {
            notes.assume(CostAssumption.SUFFIX_PREFIX_SELECTS_TABLES);
        }
        boolean sure =
                direct && !scan.optional && (simple || settings.trusts(CostAssumption.SUFFIX_PREFIX_SELECTS_TABLES));
        List<SqlScan.Member> members = scan.members();
        boolean unknown = false;
        settled = false;
        // Where none of its rows is, the suffix is null.
        boolean missing = place == Place.ROWS
                && scan.isOptionalAbove()
                && !SqlTruth.isNever(truth(filter.expr(), filter.scope(), scan, SqlValue.NULL));
        for (SqlScan.Member member : members) {
            Boolean hit = test(filter.expr(), filter.scope(), scan, member.suffix, suffixes);
            unknown |= hit == null;
            if (hit == null || missing) {
                member.lower &= hit != null && hit;
            } else if (!hit) {
                member.lower = false;
                // Rows of the other side of an outer join stay, whatever the condition says.
                member.expected &= place == Place.OUTER_JOIN && (!scan.optional || (outer != null && outer.isFull()));
                // Whether constants beside the suffix count for its tables is not documented.
                member.upper &= !sure || settled;
            }
        }
        if (unknown) {
            notes.suffixNotConstant(filter.expr(), scan);
        }
    }

    /** Whether an expression is made of the suffix; adds it and its parts that are. */
    private static boolean mentionsSuffix(SqlExpr expr, SqlScope scope, SqlScan scan, Set<SqlExpr> suffixes) {
        boolean mentions = expr instanceof SqlExpr.Path path
                && SqlTargets.target(path, scope) instanceof SqlSlot.Pseudo pseudo
                && pseudo.scan == scan
                && pseudo.name.equals("_TABLE_SUFFIX");
        for (SqlExpr part : SqlTrees.parts(expr)) {
            mentions |= mentionsSuffix(part, scope, scan, suffixes);
        }
        if (mentions) {
            suffixes.add(expr);
        }
        return mentions;
    }

    /** Whether the suffix stands bare in comparisons of the documented forms. */
    private static boolean isSimple(SqlExpr expr, Set<SqlExpr> suffixes) {
        if (!suffixes.contains(expr)) {
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
            if (logic ? !isSimple(arg, suffixes) : !bare && suffixes.contains(arg)) {
                return false;
            }
        }
        return logic || comparison;
    }

    /** Whether a table of a wildcard passes a condition; null if that cannot be told. */
    private @Nullable Boolean test(SqlExpr expr, SqlScope scope, SqlScan scan, String suffix, Set<SqlExpr> suffixes) {
        if (!suffixes.contains(expr)) {
            SqlTruth truth = new SqlTruth(fold, resolver, scope);
            if (!SqlConstants.isConstant(expr, scope) && !truth.maySettle(expr)) {
                return true;
            }
            settled = true;
            return SqlTruth.decided(truth.of(expr, fold.times(scope)));
        }
        if (expr instanceof SqlExpr.Call call
                && (call.name().equals("AND") || call.name().equals("OR"))) {
            boolean and = call.name().equals("AND");
            boolean unknown = false;
            for (SqlExpr arg : call.args()) {
                Boolean part = test(arg, scope, scan, suffix, suffixes);
                if (part != null && part != and) {
                    return !and;
                }
                unknown |= part == null;
            }
            return unknown ? null : and;
        }
        return SqlTruth.decided(truth(expr, scope, scan, SqlValue.of(suffix)));
    }

    /** What a condition is for a value of the suffix. */
    private int truth(SqlExpr expr, SqlScope scope, SqlScan scan, SqlValue suffix) {
        return new SqlTruth(fold, resolver, scope)
                .of(
                        expr,
                        path -> SqlTargets.target(path, scope) instanceof SqlSlot.Pseudo pseudo && pseudo.scan == scan
                                ? suffix
                                : null);
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
                    input.first = order.size();
                    stack.add(new Step(input));
                }
            }
        }
        return order;
    }
}
