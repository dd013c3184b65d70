package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlQuery.From;
import dev.tentpole.bigquery.SqlQuery.Join;
import dev.tentpole.bigquery.SqlQuery.JoinKind;
import dev.tentpole.bigquery.SqlQuery.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Resolves what stands behind {@code FROM}: tables, views, CTEs, queries, arrays, joins. */
final class SqlSources {

    private final SqlResolver resolver;
    private final SqlNotes notes;
    private final SqlTables tables;
    private final SqlPivots pivots = new SqlPivots();
    private final SqlJoinColumns joinColumns = new SqlJoinColumns();

    SqlSources(SqlTables tables, SqlResolver resolver, SqlNotes notes) {
        this.tables = tables;
        this.resolver = resolver;
        this.notes = notes;
    }

    SqlTables tables() {
        return tables;
    }

    /** Resolves sources and joins; conditions and inputs go into the relation. */
    List<SqlScope.Var> from(From from, SqlScope outer, SqlRelation relation) {
        List<SqlScope.Var> vars = new SqlVars(resolver.budget());
        add(from, outer, vars, relation, false);
        return vars;
    }

    private void add(From from, SqlScope outer, List<SqlScope.Var> vars, SqlRelation relation, boolean optional) {
        add(from.first(), outer, vars, relation, optional);
        for (Join join : from.joins()) {
            join(join, outer, vars, relation, optional);
        }
    }

    /** Resolves a join to the sources that the list has. */
    void join(Join join, SqlScope outer, List<SqlScope.Var> vars, SqlRelation relation, boolean optional) {
        int before = vars.size();
        int scans = relation.scans.size();
        int inputs = relation.inputs.size();
        boolean leftOptional = join.kind() == JoinKind.RIGHT || join.kind() == JoinKind.FULL;
        boolean rightOptional = join.kind() == JoinKind.LEFT || join.kind() == JoinKind.FULL;
        relation.outer |= leftOptional || rightOptional;
        if (leftOptional) {
            markOptional(vars);
            relation.markInputsOptional();
        }
        add(join.source(), outer, vars, relation, optional || rightOptional);
        if (optional || rightOptional) {
            relation.markInputsOptional(inputs);
        }
        SqlScope scope = outer.inner(vars).ownedBy(relation);
        if (join.on() != null) {
            SqlRelation.Needed needed = new SqlRelation.Needed(join.on(), scope);
            relation.needed.add(needed);
            if (join.kind() == JoinKind.INNER || join.kind() == JoinKind.CROSS) {
                relation.filters.add(needed);
            } else {
                relation.outerFilters.add(
                        new SqlRelation.OuterFilter(needed, scans, relation.scans.size(), leftOptional, rightOptional));
            }
        }
        List<SqlSlot> same = new ArrayList<>(0);
        if (join.natural()) {
            natural(vars, before, relation, same);
        }
        for (String name : join.using()) {
            List<SqlSlot> both = new ArrayList<>();
            first(name, vars, 0, before, both);
            first(name, vars, before, vars.size(), both);
            relation.neededSlots.addAll(both);
            same.addAll(both.size() == 2 ? both : List.of());
            both.forEach(joinColumns::compared);
        }
        relation.joins.add(new SqlRelation.Joined(join, vars, before, vars.size(), same));
    }

    /** Notes the columns of the same name on both sides; all of them if not every name is known. */
    private void natural(List<SqlScope.Var> vars, int before, SqlRelation relation, List<SqlSlot> same) {
        Map<String, SqlSlot> left = new HashMap<>();
        boolean open = false;
        for (SqlScope.Var var : vars) {
            resolver.budget().spend(4 * var.columns.size() + 4);
            open |= var.open != null;
        }
        for (SqlScope.Var var : vars.subList(0, before)) {
            var.columns.forEach(slot -> left.put(SqlText.lower(slot.name), slot));
        }
        Set<String> both = new HashSet<>();
        for (SqlScope.Var var : vars.subList(before, vars.size())) {
            for (SqlSlot slot : var.columns) {
                SqlSlot other = left.get(SqlText.lower(slot.name));
                if (other != null) {
                    both.add(SqlText.lower(slot.name));
                    same.add(other);
                    same.add(slot);
                }
            }
        }
        for (SqlScope.Var var : vars) {
            if (var.open != null) {
                relation.neededSlots.add(var.open);
                joinColumns.compared(var.open);
            }
            for (SqlSlot slot : var.columns) {
                if (open || both.contains(SqlText.lower(slot.name))) {
                    relation.neededSlots.add(slot);
                    joinColumns.compared(slot);
                }
            }
            if (var.scan != null) {
                var.scan.maybeLess = true;
            }
        }
    }

    /** Adds the column of that name of the first source in a part of the list that has it. */
    private static void first(String name, List<SqlScope.Var> vars, int from, int to, List<SqlSlot> slots) {
        int start = from;
        if (vars instanceof SqlVars many && many.isLarge()) {
            start = many.firstColumn(SqlText.lower(name), from);
        }
        for (int i = start; i >= 0 && i < to; i++) {
            SqlScope.Var var = vars.get(i);
            SqlSlot slot = var.column(name);
            if (slot == null) {
                slot = var.open;
            }
            if (slot != null) {
                slots.add(slot);
                return;
            }
        }
    }

    private static void markOptional(List<SqlScope.Var> vars) {
        int from = vars instanceof SqlVars many ? many.markOptional() : 0;
        for (SqlScope.Var var : vars.subList(from, vars.size())) {
            if (var.scan != null) {
                var.scan.optional = true;
            }
        }
    }

    private void add(Source source, SqlScope outer, List<SqlScope.Var> vars, SqlRelation relation, boolean optional) {
        int before = vars.size();
        SqlQuery.Extras extras;
        if (source instanceof SqlQuery.Table table) {
            extras = table.extras();
            vars.add(table(table, outer, vars, relation));
            if (table.offset() != null) {
                vars.add(constant(table.offset()));
            }
        } else if (source instanceof SqlQuery.Subquery subquery) {
            extras = subquery.extras();
            SqlScope scope = subquery.lateral() ? outer.inner(vars).ownedBy(relation) : outer;
            relation.lateral |= subquery.lateral();
            SqlRelation input = resolver.query(subquery.query(), scope);
            relation.inputs.add(input);
            vars.add(named(subquery.alias(), input));
        } else if (source instanceof SqlQuery.Unnest unnest) {
            extras = unnest.extras();
            vars.add(unnest(unnest, outer.inner(vars).ownedBy(relation), relation));
            if (unnest.offset() != null) {
                vars.add(constant(unnest.offset()));
            }
        } else if (source instanceof SqlQuery.TableFunction function) {
            extras = function.extras();
            vars.add(function(function, List.of(), outer.inner(vars).ownedBy(relation), relation));
        } else {
            SqlQuery.Group group = (SqlQuery.Group) source;
            extras = group.extras();
            if (extras.pivot() != null || extras.unpivot() != null) {
                // The conditions in it see its sources, which are not there any more behind it.
                List<SqlScope.Var> inside = new SqlVars(resolver.budget());
                inside.addAll(vars);
                add(group.from(), outer, inside, relation, optional);
                vars.addAll(inside.subList(before, inside.size()));
            } else {
                add(group.from(), outer, vars, relation, optional);
            }
        }
        if (optional) {
            markOptional(vars.subList(before, vars.size()));
        }
        if (extras.pivot() != null || extras.unpivot() != null) {
            List<SqlScope.Var> inputs = new ArrayList<>(vars.subList(before, vars.size()));
            vars.subList(before, vars.size()).clear();
            vars.add(pivots.apply(extras, inputs, outer, relation));
        }
        sample(extras, outer, vars, relation);
    }

    /** Notes what a sample reads to tell which rows are in it. */
    void sample(SqlQuery.Extras extras, SqlScope outer, List<SqlScope.Var> vars, SqlRelation relation) {
        for (SqlExpr key : extras.strata()) {
            relation.needed.add(new SqlRelation.Needed(key, outer.inner(vars).ownedBy(relation)));
        }
        if (extras.weight() != null) {
            vars.add(constant(extras.weight()));
        }
    }

    private static SqlScope.Var constant(String name) {
        SqlSlot none = new SqlSlot.Merged(name, List.of(), false);
        return new SqlScope.Var(name, List.of(), null, none, null);
    }

    private SqlScope.Var named(@Nullable String alias, SqlRelation input) {
        List<SqlSlot> fields = List.of();
        if (input.value && input.columns.size() == 1) {
            List<SqlSlot> known = SqlShapes.fields(input.columns.get(0), resolver);
            fields = known == null ? List.of() : known;
        }
        return SqlResolver.varOf(alias == null ? "" : alias, input, fields);
    }

    private SqlScope.Var table(SqlQuery.Table table, SqlScope outer, List<SqlScope.Var> vars, SqlRelation relation) {
        String alias = table.alias() == null ? table.path().get(table.path().size() - 1) : table.alias();
        if (table.path().size() == 1) {
            SqlCtes.Entry entry = outer.ctes.find(table.path().get(0));
            SqlRelation rows = entry == null ? null : resolver.relation(entry);
            if (entry != null && rows != null) {
                entry.references++;
                relation.inputs.add(rows);
                return named(alias, rows);
            }
        } else {
            SqlScope scope = outer.inner(vars).ownedBy(relation);
            if (scope.isSource(table.path().get(0))) {
                SqlExpr array = new SqlExpr.Path(table.path(), table.start(), table.end());
                relation.unnested.add(new SqlRelation.Needed(array, scope));
                return elements(alias, array, scope, relation);
            }
        }
        return tables.resolve(String.join(".", table.path()), alias, table, relation);
    }

    private SqlScope.Var unnest(SqlQuery.Unnest unnest, SqlScope scope, SqlRelation relation) {
        relation.unnested.add(new SqlRelation.Needed(unnest.array(), scope));
        return elements(unnest.alias() == null ? "" : unnest.alias(), unnest.array(), scope, relation);
    }

    /** The elements of an array as a source. */
    private SqlScope.Var elements(String alias, SqlExpr array, SqlScope scope, SqlRelation relation) {
        SqlSlot element = new SqlSlot.Computed(alias, array, scope);
        List<SqlSlot> fields = SqlShapes.fields(element, resolver);
        // Without fields the array must be read to know how many rows there are.
        if (fields == null) {
            (SqlLiveness.isArray(array) ? relation.wide : relation.neededSlots).add(element);
            return new SqlScope.Var(alias, List.of(element), null, element, null);
        }
        relation.arrays.add(element);
        return new SqlScope.Var(alias, fields, null, element, null);
    }

    /** A function that returns rows; the rows of a pipe may be its first argument. */
    SqlScope.Var function(SqlQuery.TableFunction function, List<SqlSlot> rows, SqlScope scope, SqlRelation relation) {
        String alias = function.alias() == null ? "" : function.alias();
        if (function.isGroupRows()) {
            List<SqlScope.Var> grouped = scope.grouped();
            return SqlScope.Var.of(alias, star(grouped, null), SqlResolver.openOf(grouped));
        }
        List<SqlSlot> open = new ArrayList<>(rows);
        // What it does with its arguments is not known, so that none need be read.
        for (SqlExpr arg : function.args()) {
            relation.wide.add(new SqlSlot.Computed("", arg, scope));
        }
        for (SqlQuery query : function.queries()) {
            SqlRelation input = resolver.query(query, scope);
            relation.likely.add(input);
            open.addAll(input.columns);
            if (input.open != null) {
                open.add(input.open);
            }
        }
        relation.wide.addAll(open);
        int before = relation.scans.size();
        open.add(wide(function.tables(), scope, relation));
        if (SqlWords.isHistory(function.path())) {
            relation.scans.subList(before, relation.scans.size()).forEach(scan -> scan.past = true);
        }
        notes.tableFunction(function, !rows.isEmpty());
        SqlSlot any = new SqlSlot.Merged("", open, true);
        return new SqlScope.Var(alias, List.of(), null, any, any);
    }

    /** Reads all of every table and CTE among the names; returns a column that stands for all of theirs. */
    SqlSlot wide(List<SqlQuery.Name> names, SqlScope scope, SqlRelation relation) {
        List<SqlSlot> all = new ArrayList<>();
        Map<String, SqlScan> known = new HashMap<>();
        for (SqlQuery.Name name : names) {
            SqlScan same = known.get(name.text());
            if (same != null) {
                same.repeats++;
                continue;
            }
            SqlCtes.Entry entry = scope.ctes.find(name.text());
            SqlRelation rows = entry == null ? null : resolver.relation(entry);
            if (entry != null && rows != null) {
                entry.references++;
                relation.likely.add(rows);
                all.add(new SqlSlot.Merged("", rows.columns, true));
                if (rows.open != null) {
                    all.add(rows.open);
                }
                continue;
            }
            SqlScope.Var var = tables.maybe(name, relation);
            if (var != null) {
                all.add(var.value);
                // What a materialized view reads has scans of its own.
                if (var.scan != null && relation.maybe.isEmpty()) {
                    known.put(name.text(), var.scan);
                }
            } else if ((name.table() && scope.var(name.text()) == null) || (name.loose() && !isFound(name, scope))) {
                notes.unboundedSyntax();
            }
        }
        SqlSlot slot = new SqlSlot.Merged("", all, true);
        relation.wide.addAll(all);
        return slot;
    }

    private static boolean isFound(SqlQuery.Name name, SqlScope scope) {
        int dot = name.text().indexOf('.');
        return scope.find(List.of(dot < 0 ? name.text() : name.text().substring(0, dot))) != null;
    }

    /** Resolves a CTE that may refer to itself. */
    void recursive(SqlCtes.Entry entry, SqlScope scope) {
        SqlQuery query = entry.cte.query();
        if (!(query.body() instanceof SqlQuery.SetOperation set)
                || !query.ctes().isEmpty()) {
            entry.relation = resolver.query(query, scope);
            return;
        }
        recursion(resolver.query(set.inputs().get(0), scope), entry, set.kind(), () -> {
            List<SqlRelation> again = new ArrayList<>();
            set.inputs().subList(1, set.inputs().size()).forEach(input -> again.add(resolver.query(input, scope)));
            return again;
        });
    }

    /** Resolves a recursion: what it begins with, and what is made of its own rows again and again. */
    static SqlRelation recursion(
            SqlRelation first, SqlCtes.Entry entry, SqlQuery.SetKind kind, Supplier<List<SqlRelation>> repeated) {
        SqlRelation whole = new SqlRelation();
        List<List<SqlSlot>> inputs = new ArrayList<>();
        Map<String, List<SqlSlot>> names = new HashMap<>();
        for (SqlSlot slot : first.columns) {
            List<SqlSlot> same = new ArrayList<>(List.of(slot));
            inputs.add(same);
            names.put(SqlText.lower(slot.name), same);
            whole.columns.add(new SqlSlot.Merged(slot.name, same, false));
        }
        whole.open = first.open;
        whole.inputs.add(first);
        entry.relation = whole;
        int before = entry.references;
        for (SqlRelation next : repeated.get()) {
            next.recursive = true;
            next.inputs.removeIf(relation -> relation == whole);
            whole.inputs.add(next);
            for (int i = 0; i < next.columns.size(); i++) {
                SqlSlot slot = next.columns.get(i);
                List<SqlSlot> same =
                        kind.byName() ? names.get(SqlText.lower(slot.name)) : i < inputs.size() ? inputs.get(i) : null;
                if (same != null) {
                    same.add(slot);
                } else {
                    whole.neededSlots.add(slot);
                }
            }
        }
        if (!kind.all()) {
            whole.neededSlots.addAll(whole.columns);
        }
        whole.isRecursive = entry.references > before;
        entry.references = before;
        whole.limited = true;
        return whole;
    }

    /** What a star selects: columns of {@code USING} once. */
    List<SqlSlot> star(List<SqlScope.Var> vars, @Nullable From from) {
        Set<String> using = new HashSet<>();
        if (from != null) {
            from.joins().forEach(join -> join.using().forEach(name -> using.add(SqlText.lower(name))));
        }
        List<SqlSlot> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (SqlScope.Var var : vars) {
            for (SqlSlot slot : var.columns) {
                if (using.contains(SqlText.lower(slot.name)) && seen.add(SqlText.lower(slot.name))) {
                    columns.add(slot);
                }
            }
        }
        for (SqlScope.Var var : vars) {
            for (SqlSlot slot : var.columns) {
                if (!using.contains(SqlText.lower(slot.name))) {
                    columns.add(slot);
                }
            }
        }
        return columns;
    }
}
