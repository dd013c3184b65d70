package dev.tentpole.bigquery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Marks what a statement reads, backwards from its result: a column is live if something live is made of it. Each demand is
 * one for the lower bound, the expected bytes, the upper bound, or several of them; the upper bound also reads the columns
 * that a query selects and nothing above it uses.
 */
final class SqlLiveness {

    private static final int LOWER = SqlScan.LOWER;
    private static final int WIDE = SqlScan.EXPECTED | SqlScan.UPPER;

    private record Demand(SqlSlot slot, List<String> path, int mask) {}

    private record Activation(SqlRelation relation, int mask) {}

    private record Window(String name, SqlScope scope, int mask) {}

    private final SqlResolver resolver;
    private final SqlNotes notes;
    private final SqlFold fold;
    private final boolean pruned;
    private final boolean functionsAreFree;
    private final Deque<Object> work = new ArrayDeque<>();

    SqlLiveness(SqlResolver resolver, SqlNotes notes, SqlFold fold, CostEstimator settings) {
        this.resolver = resolver;
        this.notes = notes;
        this.fold = fold;
        pruned = settings.trusts(CostAssumption.UNUSED_COLUMNS_ARE_PRUNED);
        functionsAreFree = settings.trusts(CostAssumption.FUNCTIONS_ARE_FREE);
    }

    void activate(SqlRelation relation, int mask) {
        work.add(new Activation(relation, mask));
        run();
    }

    /** Reads all columns of a relation. */
    void result(SqlRelation relation, int mask) {
        columns(relation, mask);
        activate(relation, mask);
    }

    private void columns(SqlRelation relation, int mask) {
        for (SqlSlot slot : relation.columns) {
            demand(slot, List.of(), mask);
        }
        if (relation.open != null) {
            demand(relation.open, List.of(), mask & WIDE);
        }
    }

    private void run() {
        while (!work.isEmpty()) {
            Object next = work.poll();
            if (next instanceof Demand demand) {
                demanded(demand);
            } else if (next instanceof Window window) {
                window.scope.window(window.name).forEach(part -> expr(part, window.scope, List.of(), window.mask));
            } else {
                Activation activation = (Activation) next;
                activated(activation.relation, activation.mask);
            }
        }
    }

    private void activated(SqlRelation relation, int wanted) {
        int mask = wanted & ~relation.active;
        if (mask == 0) {
            return;
        }
        relation.active |= mask;
        for (SqlRelation input : relation.inputs) {
            work.add(new Activation(input, mask));
        }
        for (SqlRelation input : relation.likely) {
            work.add(new Activation(input, mask & WIDE));
        }
        for (SqlRelation maybe : relation.maybe) {
            work.add(new Activation(maybe, mask & SqlScan.UPPER));
            columns(maybe, mask & SqlScan.UPPER);
        }
        for (SqlRelation alternative : relation.alternatives) {
            work.add(new Activation(alternative, mask & WIDE));
            columns(alternative, mask & WIDE);
        }
        for (SqlScan scan : relation.scans) {
            scan.active |= mask;
        }
        for (SqlRelation.Needed needed : relation.needed) {
            expr(needed.expr(), needed.scope(), List.of(), mask);
        }
        for (SqlRelation.OuterFilter filter : relation.outerFilters) {
            expr(filter.condition().expr(), filter.condition().scope(), List.of(), mask);
        }
        for (SqlSlot slot : relation.neededSlots) {
            demand(slot, List.of(), relation.exists ? mask & ~LOWER : mask);
        }
        for (SqlRelation.Needed key : relation.softNeeded()) {
            expr(key.expr(), key.scope(), List.of(), mask & ~LOWER);
        }
        for (SqlSlot slot : relation.softSlots()) {
            demand(slot, List.of(), mask & ~LOWER);
        }
        for (SqlSlot slot : relation.wide) {
            demand(slot, List.of(), mask & WIDE);
        }
        for (SqlSlot slot : relation.arrays) {
            // Some field of it tells how many elements there are; which one is not known.
            demand(slot, List.of(), mask & SqlScan.UPPER);
        }
        if (!pruned && (mask & SqlScan.UPPER) != 0) {
            columns(relation, SqlScan.UPPER);
            relation.former.forEach(slot -> demand(slot, List.of(), SqlScan.UPPER));
        }
    }

    private void demand(SqlSlot slot, List<String> path, int mask) {
        if (mask != 0) {
            work.add(new Demand(slot, path, mask));
        }
    }

    private void demanded(Demand demand) {
        SqlSlot slot = demand.slot;
        List<String> path = demand.path.size() > SqlCursor.DEEPEST ? List.of() : demand.path;
        int mask = slot.demand(path, demand.mask);
        if (mask == 0) {
            return;
        }
        if (slot instanceof SqlSlot.Column column) {
            column(column, path, mask);
        } else if (slot instanceof SqlSlot.Pseudo pseudo) {
            pseudo.scan.pseudo |= mask;
        } else if (slot instanceof SqlSlot.Computed computed) {
            expr(computed.expr, computed.scope, path, mask);
        } else if (slot instanceof SqlSlot.Merged merged) {
            for (SqlSlot input : merged.inputs) {
                // What stands for any column need not be this one.
                demand(input, merged.whole ? List.of() : path, merged.whole ? mask & WIDE : mask);
            }
        } else if (slot instanceof SqlSlot.Field field) {
            demand(field.base, joined(field.path, path), mask);
        } else if (slot instanceof SqlSlot.Row row) {
            SqlSlot field = path.isEmpty() ? null : row.field(path.get(0));
            if (field != null) {
                demand(field, path.subList(1, path.size()), mask);
            } else {
                row.fields.forEach(part -> demand(part, List.of(), mask));
            }
        }
    }

    private static List<String> joined(List<String> first, List<String> second) {
        if (second.isEmpty()) {
            return first;
        }
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static void column(SqlSlot.Column column, List<String> path, int mask) {
        TableLeaves.Node node = column.node;
        if (node == null) {
            return;
        }
        for (String name : path) {
            TableLeaves.Node child = node.child(name);
            if (child == null) {
                break;
            }
            node = child;
        }
        column.scan.mark(node.first(), node.last(), mask);
    }

    private void expr(SqlExpr expr, SqlScope scope, List<String> path, int mask) {
        if (mask == 0) {
            return;
        }
        if (expr instanceof SqlExpr.Path names) {
            path(names, scope, path, mask);
        } else if (expr instanceof SqlExpr.Member member) {
            expr(member.base(), scope, joined(List.of(member.name()), path), mask);
        } else if (expr instanceof SqlExpr.Element element) {
            // Of an array that is written out one element may be taken before the others are computed.
            expr(element.base(), scope, path, isArray(element.base()) ? mask & ~LOWER : mask);
            if (!isPosition(element.index())) {
                expr(element.index(), scope, List.of(), mask);
            } else {
                SqlTrees.parts(element.index()).forEach(part -> expr(part, scope, List.of(), mask));
            }
        } else if (expr instanceof SqlExpr.Struct struct) {
            struct(struct, scope, path, mask);
        } else if (expr instanceof SqlExpr.Sub sub) {
            subquery(sub, scope, path, mask);
        } else if (expr instanceof SqlExpr.Call call) {
            call(call, scope, path, mask);
        } else if (expr instanceof SqlExpr.WindowName window) {
            int news = scope.demandWindow(window.name(), mask);
            if (news != 0) {
                work.add(new Window(window.name(), scope, news));
            }
        } else if (expr instanceof SqlExpr.Lambda lambda) {
            expr(lambda.body(), scope.parameters(lambda), List.of(), mask);
        } else if (expr instanceof SqlExpr.With with) {
            SqlScope inner = scope.variables(with, resolver.budget());
            expr(with.body(), inner, path, mask);
            if (!pruned) {
                inner.sources().forEach(variable -> demand(variable.value, List.of(), mask & SqlScan.UPPER));
            }
        } else if (expr instanceof SqlExpr.Unknown unknown) {
            unknown(unknown, scope, mask);
        }
    }

    /** Whether an array is written out, so that it is known how many elements it has. */
    static boolean isArray(SqlExpr expr) {
        return expr instanceof SqlExpr.Call call && call.name().equals("ARRAY");
    }

    private static boolean isPosition(SqlExpr index) {
        return index instanceof SqlExpr.Call call && isPosition(call.name());
    }

    private static boolean isPosition(String name) {
        return switch (name) {
            case "OFFSET", "ORDINAL", "SAFE_OFFSET", "SAFE_ORDINAL", "KEY" -> true;
            default -> false;
        };
    }

    private void path(SqlExpr.Path names, SqlScope scope, List<String> path, int mask) {
        SqlScope.Found found = scope.find(names.names());
        if (found == null && SqlWords.isTime(names)) {
            if ((mask & SqlScan.EXPECTED) != 0) {
                CostWarnings.changing(notes, SqlText.upper(names.names().get(0)), names);
            }
            return;
        }
        if (found == null) {
            if ((mask & SqlScan.EXPECTED) != 0) {
                notes.unknownColumn(names);
            }
            scope.everything(mask & WIDE).forEach(slot -> demand(slot, List.of(), mask & WIDE));
            return;
        }
        SqlSlot slot = found.slot();
        if (slot == null) {
            return;
        }
        List<String> rest = found.rest();
        if (slot instanceof SqlSlot.Row row && !rest.isEmpty()) {
            pseudoOrField(names, scope, row, rest, path, mask);
            return;
        }
        if (slot instanceof SqlSlot.Row row && rest.isEmpty() && path.isEmpty() && (mask & SqlScan.EXPECTED) != 0) {
            notes.wholeRow(names, row);
        }
        demand(slot, joined(rest, path), mask);
    }

    private void pseudoOrField(
            SqlExpr.Path names, SqlScope scope, SqlSlot.Row row, List<String> rest, List<String> path, int mask) {
        if (row.field(rest.get(0)) == null) {
            SqlScope.Var var = scope.var(names.names().get(0));
            SqlSlot pseudo = var == null || var.scan == null ? null : var.scan.pseudo(rest.get(0));
            if (pseudo != null) {
                demand(pseudo, List.of(), mask);
                return;
            }
            if (var != null && var.open != null) {
                demand(var.open, List.of(), mask & WIDE);
                return;
            }
            if ((mask & SqlScan.EXPECTED) != 0) {
                notes.unknownColumn(names);
            }
            demand(row, List.of(), mask & WIDE);
            return;
        }
        demand(row, joined(rest, path), mask);
    }

    private void struct(SqlExpr.Struct struct, SqlScope scope, List<String> path, int mask) {
        if (!path.isEmpty()) {
            for (int i = 0; i < struct.names().size(); i++) {
                if (struct.names().get(i).equalsIgnoreCase(path.get(0))) {
                    expr(struct.values().get(i), scope, path.subList(1, path.size()), mask);
                    return;
                }
            }
        }
        struct.values().forEach(value -> expr(value, scope, List.of(), mask));
    }

    private void subquery(SqlExpr.Sub sub, SqlScope scope, List<String> path, int mask) {
        SqlRelation relation = resolver.inExpression(sub.query(), scope);
        relation.exists = sub.kind() == SqlExpr.Sub.Kind.EXISTS;
        // Whether there is a group is known without its keys.
        boolean grouped = relation.exists && SqlQuery.isGrouped(sub.query());
        work.add(new Activation(relation, grouped ? mask & ~LOWER : mask));
        if (sub.kind() != SqlExpr.Sub.Kind.EXISTS) {
            for (SqlSlot slot : relation.columns) {
                demand(slot, path, mask);
            }
            if (relation.open != null) {
                demand(relation.open, List.of(), mask & WIDE);
            }
        }
    }

    private void call(SqlExpr.Call call, SqlScope scope, List<String> path, int mask) {
        boolean through = path.isEmpty() ? false : SqlTraits.TRANSPARENT.isOf(call.name()) || isChoice(call.name());
        boolean shallow = SqlTraits.SHALLOW.isOf(call.name());
        if (SqlWords.isUsers(call.name())) {
            notes.userFunction(functionsAreFree);
        }
        SqlNulls nulls = new SqlNulls(fold, resolver, scope);
        // What a constant or a column without nulls decides may never be computed, nor an argument that a body has no
        // use for.
        boolean unsure = (mask & LOWER) != 0 && (isDecided(call, nulls, scope) || notes.isUsers(call.name()));
        // Of what a field is taken, or a function without a name is given to, not all fields need be read.
        boolean parts =
                (!path.isEmpty() && !through) || call.args().stream().anyMatch(SqlExpr.Lambda.class::isInstance);
        int sure = unsure || parts ? mask & ~LOWER : mask;
        boolean needless = false;
        for (int i = 0; i < call.args().size(); i++) {
            SqlExpr arg = call.args().get(i);
            int own = needless ? sure & ~LOWER : sure;
            needless |= (own & LOWER) != 0 && isAlternative(call.name()) && nulls.mayBeNever(arg);
            if (i < call.values() && through && (i == 0 || !SqlTraits.BY_ANOTHER.isOf(call.name()))) {
                expr(arg, scope, path, own);
                if (!pruned) {
                    expr(arg, scope, List.of(), mask & SqlScan.UPPER);
                }
            } else if (i == 0 && shallow && (nulls.mayBeNever(arg) || hasFields(arg, scope))) {
                expr(arg, scope, List.of(), mask & ~LOWER);
            } else if (i == 0 && shallow) {
                nullness(arg, scope, own);
            } else {
                expr(arg, scope, List.of(), own);
            }
        }
    }

    /** Needs what tells whether an expression is null: of a function that is so where an argument is, those that may be. */
    private void nullness(SqlExpr expr, SqlScope scope, int mask) {
        if ((mask & LOWER) == 0
                || !(expr instanceof SqlExpr.Call call)
                || call.window()
                || !SqlTraits.STRICT.isOf(call.name())) {
            expr(expr, scope, List.of(), mask);
            return;
        }
        SqlNulls nulls = new SqlNulls(fold, resolver, scope);
        int own = isDecided(call, nulls, scope) ? mask & ~LOWER : mask;
        for (SqlExpr arg : call.args()) {
            nullness(arg, scope, nulls.mayBeNever(arg) ? own & ~LOWER : own);
        }
    }

    /** Whether constants may tell what a call is worth, so that nothing else of it need be computed. */
    private boolean isDecided(SqlExpr.Call call, SqlNulls nulls, SqlScope scope) {
        if (call.window()) {
            return nulls.mayBeAlways(call);
        }
        if (SqlWords.isCondition(call.name())) {
            return SqlConstants.decides(call, scope) || new SqlTruth(fold, resolver, scope).isOpen(call);
        }
        return switch (call.name()) {
            case "BETWEEN" -> nulls.mayBeAlways(call) || new SqlTruth(fold, resolver, scope).isOpen(call);
            case "IF", "CASE" -> nulls.isChosen(call);
            case "COALESCE", "IFNULL" -> SqlConstants.decides(call, scope);
            case "NULLIF" -> SqlConstants.decides(call, scope) || nulls.mayBeAlways(call);
            case "*", "-" -> nulls.mayBeAlways(call) || nulls.mayBeZero(call);
            default -> nulls.mayBeAlways(call);
        };
    }

    private static boolean isAlternative(String function) {
        return function.equals("COALESCE") || function.equals("IFNULL");
    }

    private boolean hasFields(SqlExpr arg, SqlScope scope) {
        return SqlShapes.fields(new SqlSlot.Computed("", arg, scope), resolver) != null;
    }

    private static boolean isChoice(String name) {
        return name.equals("IF") || name.equals("CASE");
    }

    private void unknown(SqlExpr.Unknown unknown, SqlScope scope, int mask) {
        notes.unknownSyntax(unknown.start(), unknown.end());
        scope.everything(mask & WIDE).forEach(slot -> demand(slot, List.of(), mask & WIDE));
        SqlRelation owner = scope.owner();
        if (owner == null || !owner.seen.add(unknown)) {
            return;
        }
        SqlRelation tables = new SqlRelation();
        resolver.sources().wide(unknown.names(), scope, tables);
        owner.expressionInputs.add(tables);
        work.add(new Activation(tables, mask & WIDE));
    }
}
