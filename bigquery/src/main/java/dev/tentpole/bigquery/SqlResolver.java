package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlQuery.Body;
import dev.tentpole.bigquery.SqlQuery.Item;
import dev.tentpole.bigquery.SqlQuery.Select;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives names their meaning: of a tree of what is written it makes relations, whose columns know where their values come
 * from. Each query is resolved once, however often it is referred to.
 */
final class SqlResolver {

    /** Queries with names that stand behind what refers to them are not gone into below this. */
    private static final int DEEPEST_AHEAD = 300;

    private final SqlSources sources;
    private final SqlPipeResolver pipes;
    private final SqlNotes notes;
    private final SqlScript script;
    private final SqlBudget budget = new SqlBudget();
    private final IdentityHashMap<SqlQuery, SqlRelation> inExpressions = new IdentityHashMap<>(4);
    private int depth;

    /**
     * A resolver for one statement.
     *
     * @param views the catalog as views see it
     * @param written the full names of tables whose size is not what the catalog says any more
     * @param script what it shares with the resolvers of the other statements
     */
    SqlResolver(Catalog catalog, Catalog views, SqlNotes notes, NavigableSet<String> written, SqlScript script) {
        this.notes = notes;
        this.script = script;
        sources = new SqlSources(new SqlTables(catalog, views, this, notes, written, script), this, notes);
        pipes = new SqlPipeResolver(this, sources);
    }

    /** What it shares with the resolvers of the other statements. */
    SqlScript script() {
        return script;
    }

    SqlNotes notes() {
        return notes;
    }

    SqlSources sources() {
        return sources;
    }

    /** The relation of a query in an expression; the relation around it has it among its inputs from then on. */
    SqlRelation inExpression(SqlQuery query, SqlScope scope) {
        SqlRelation known = inExpressions.get(query);
        if (known != null) {
            return known;
        }
        SqlRelation relation = query(query, scope);
        inExpressions.put(query, relation);
        SqlRelation owner = scope.owner();
        if (owner != null) {
            owner.expressionInputs.add(relation);
        }
        return relation;
    }

    SqlRelation query(SqlQuery query, SqlScope scope) {
        budget.spend(1);
        depth++;
        SqlRelation relation = rows(query, scope);
        depth--;
        return relation;
    }

    private SqlRelation rows(SqlQuery query, SqlScope scope) {
        SqlScope inner = query.ctes().isEmpty() ? scope : ctes(query, scope);
        SqlRelation relation = body(query.body(), inner, query.orderBy());
        relation.limited |= query.limited();
        if (query.limited()) {
            relation.keepOrder();
        }
        relation.limit(query.limit());
        relation.single |=
                query.limit() instanceof SqlExpr.Literal one && one.value().equals("1");
        relation.seal();
        relation.start = query.start();
        relation.end = query.end();
        if (query.limited()) {
            notes.limited(relation);
        } else if (!query.orderBy().isEmpty()) {
            notes.ordered(query.orderBy().get(0));
        }
        return relation;
    }

    /** The rows of a query with a name, which may stand behind what refers to it; null if that goes around in a circle. */
    @Nullable
    SqlRelation relation(SqlCtes.Entry entry) {
        if (!entry.begun && entry.scope != null) {
            if (depth > DEEPEST_AHEAD) {
                throw new SqlBudget.TooLarge();
            }
            entry.begun = true;
            sources.recursive(entry, entry.scope);
        }
        return entry.relation;
    }

    private SqlScope ctes(SqlQuery query, SqlScope scope) {
        return ctes(query.ctes(), query.recursive(), scope);
    }

    /** A scope inside of this one that knows these queries. */
    SqlScope ctes(List<SqlQuery.Cte> written, boolean recursive, SqlScope scope) {
        SqlCtes ctes = new SqlCtes(scope.ctes);
        SqlScope inner = scope.with(ctes);
        List<SqlCtes.Entry> entries = new ArrayList<>();
        for (SqlQuery.Cte cte : written) {
            SqlCtes.Entry entry = new SqlCtes.Entry(cte);
            entries.add(entry);
            if (recursive) {
                entry.scope = inner;
                ctes.put(entry);
            }
        }
        for (SqlCtes.Entry entry : entries) {
            if (!recursive) {
                entry.relation = query(entry.cte.query(), inner);
                ctes.put(entry);
            } else {
                relation(entry);
            }
            if (entry.cte.depth() != null && entry.relation != null) {
                SqlRelation deep = over(entry.relation);
                deep.columns = new ArrayList<>(deep.columns);
                deep.columns.add(new SqlSlot.Merged(entry.cte.depth(), List.of(), false));
                entry.relation = deep;
            }
            notes.cte(entry);
        }
        return inner;
    }

    SqlRelation body(Body body, SqlScope scope, List<SqlExpr> orderBy) {
        if (body instanceof Select select) {
            return select(select, scope, orderBy);
        }
        SqlRelation relation;
        if (body instanceof SqlQuery.Nested nested) {
            relation = query(nested.query(), scope);
            if (!orderBy.isEmpty()) {
                relation = over(relation);
            }
        } else if (body instanceof SqlQuery.SetOperation set) {
            List<SqlRelation> inputs = new ArrayList<>();
            for (SqlQuery input : set.inputs()) {
                inputs.add(query(input, scope));
            }
            relation = SqlUnions.together(inputs, set.kind());
        } else if (body instanceof SqlQuery.FromFirst first) {
            relation = new SqlRelation();
            List<SqlScope.Var> vars = sources.from(first.from(), scope, relation);
            relation.columns = sources.star(vars, first.from());
            relation.open = openOf(vars);
        } else if (body instanceof SqlQuery.Pipes piped) {
            relation = pipes.resolve(piped, scope);
        } else {
            SqlQuery.Unreadable unreadable = (SqlQuery.Unreadable) body;
            relation = new SqlRelation();
            relation.open = sources.wide(unreadable.tables(), scope, relation);
            if (relation.wide.isEmpty() || sources.tables().inView()) {
                notes.unboundedSyntax();
            }
            notes.unknownSyntax(unreadable.start(), unreadable.end());
        }
        SqlScope outputs = scope.inner(List.of(varOf("", relation, List.of()))).ownedBy(relation);
        for (SqlExpr key : orderBy) {
            order(key, relation.columns, relation, outputs);
        }
        return relation;
    }

    /** A relation with the same rows, so that conditions on them stand apart. */
    static SqlRelation over(SqlRelation input) {
        SqlRelation relation = new SqlRelation();
        relation.columns = input.columns;
        relation.single = input.single;
        relation.open = input.open;
        relation.value = input.value;
        relation.inputs.add(input);
        return relation;
    }

    /** The rows of a relation as a source with a name. */
    static SqlScope.Var varOf(String alias, SqlRelation relation, List<SqlSlot> fields) {
        if (relation.value && relation.columns.size() == 1) {
            return new SqlScope.Var(alias, fields, null, relation.columns.get(0), relation.open);
        }
        return SqlScope.Var.of(alias, relation.columns, relation.open);
    }

    SqlBudget budget() {
        return budget;
    }

    static @Nullable SqlSlot openOf(List<SqlScope.Var> vars) {
        List<SqlSlot> open = new ArrayList<>();
        for (SqlScope.Var var : vars) {
            if (var.open != null) {
                open.add(var.open);
            }
        }
        return open.isEmpty() ? null : new SqlSlot.Merged("", open, true);
    }

    private SqlRelation select(Select select, SqlScope outer, List<SqlExpr> orderBy) {
        SqlRelation relation = new SqlRelation();
        List<SqlScope.Var> vars = List.of();
        if (select.from() != null) {
            vars = sources.from(select.from(), outer, relation);
        }
        Map<String, List<SqlExpr>> windows = new HashMap<>();
        select.windows().forEach(window -> windows.put(SqlText.lower(window.name()), window.parts()));
        SqlScope scope = outer.inner(vars, windows).ownedBy(relation);
        if (select.where() != null) {
            filter(select.where(), scope, relation);
        }
        List<SqlSlot> items = items(select.items(), scope, select.from(), relation);
        SqlScope named = scope.withAliases(items).ownedBy(relation);
        group(select, items, relation, scope, named);
        if (select.having() != null) {
            later(select.having(), named, relation);
        }
        if (select.qualify() != null) {
            later(select.qualify(), named, relation);
        }
        if (select.distinct()) {
            relation.neededSlots.addAll(items);
        }
        for (SqlExpr key : orderBy) {
            order(key, items, relation, named);
        }
        boolean windowed = select.qualify() != null || !select.windows().isEmpty();
        for (Item item : select.items()) {
            windowed |= item.expr() != null && SqlTrees.hasWindow(item.expr());
        }
        relation.windowed = windowed;
        relation.single = !select.grouping().present()
                && (select.from() == null
                        || select.items().stream()
                                .anyMatch(item -> item.expr() != null && SqlTrees.hasAggregate(item.expr())));
        relation.columns = items;
        if (select.as() != SqlQuery.As.COLUMNS) {
            boolean single = select.as() == SqlQuery.As.VALUE && items.size() == 1;
            relation.columns = single ? items : new ArrayList<>(List.of(new SqlSlot.Row("", items)));
            relation.value = true;
        }
        return relation;
    }

    /** Notes a condition on rows. */
    void filter(SqlExpr condition, SqlScope scope, SqlRelation relation) {
        SqlRelation.Needed needed = new SqlRelation.Needed(condition, scope);
        relation.needed.add(needed);
        relation.filters.add(needed);
    }

    private static void later(SqlExpr condition, SqlScope scope, SqlRelation relation) {
        SqlRelation.Needed needed = new SqlRelation.Needed(condition, scope);
        relation.needed.add(needed);
        relation.laterFilters.add(needed);
    }

    private static void group(
            Select select, List<SqlSlot> items, SqlRelation relation, SqlScope scope, SqlScope named) {
        if (select.grouping().all()) {
            for (SqlSlot item : items) {
                boolean aggregate = item instanceof SqlSlot.Computed computed
                        && computed.scope == scope
                        && SqlTrees.hasAggregate(computed.expr);
                if (!aggregate) {
                    relation.neededSlots.add(item);
                }
            }
        }
        relation.optional |= select.grouping().totals();
        for (SqlExpr key : select.grouping().keys()) {
            ordinalOr(key, items, relation, named);
        }
    }

    /** Notes what decides about an order or a group: a column by its position, or an expression. */
    static void ordinalOr(SqlExpr key, List<SqlSlot> items, SqlRelation relation, SqlScope scope) {
        SqlSlot slot = ordinal(key, items);
        if (slot != null) {
            relation.neededSlots.add(slot);
        } else {
            relation.needed.add(new SqlRelation.Needed(key, scope));
        }
    }

    /** Notes a key of an order, of which it is not known whether it matters. */
    static void order(SqlExpr key, List<SqlSlot> items, SqlRelation relation, SqlScope scope) {
        SqlSlot slot = ordinal(key, items);
        if (slot != null) {
            relation.soft(slot);
        } else {
            relation.soft(new SqlRelation.Needed(key, scope));
        }
    }

    private static @Nullable SqlSlot ordinal(SqlExpr key, List<SqlSlot> items) {
        if (key instanceof SqlExpr.Literal literal && literal.type() == TableField.Type.INT64) {
            int position = SqlTrees.ordinal(literal);
            if (position >= 1 && position <= items.size()) {
                return items.get(position - 1);
            }
        }
        return null;
    }

    /** The columns that select items make. */
    List<SqlSlot> items(List<Item> items, SqlScope scope, SqlQuery.@Nullable From from, SqlRelation relation) {
        List<SqlSlot> slots = new ArrayList<>();
        List<SqlSlot> open = new ArrayList<>();
        for (Item item : items) {
            if (item.star()) {
                star(item, scope, from, slots, open);
            } else if (item.expr() instanceof SqlExpr.Unknown unknown) {
                SqlSlot slot = new SqlSlot.Computed(item.alias() == null ? "" : item.alias(), unknown, scope);
                slots.add(slot);
                open.add(slot);
            } else if (item.expr() != null) {
                slots.add(new SqlSlot.Computed(item.alias() == null ? "" : item.alias(), item.expr(), scope));
            }
        }
        if (!open.isEmpty()) {
            relation.open = new SqlSlot.Merged("", open, true);
        }
        return slots;
    }

    private void star(
            Item item, SqlScope scope, SqlQuery.@Nullable From from, List<SqlSlot> slots, List<SqlSlot> open) {
        List<SqlSlot> columns;
        if (item.expr() == null) {
            scope.sources().forEach(var -> budget.spend(var.columns.size()));
            columns = sources.star(scope.sources(), from);
            for (SqlScope.Var var : scope.sources()) {
                if (var.open != null) {
                    open.add(var.open);
                }
            }
            notes.star(item, scope.sources());
        } else {
            SqlScope.Var var =
                    item.expr() instanceof SqlExpr.Path path && path.names().size() == 1
                            ? scope.var(path.names().get(0))
                            : null;
            List<SqlSlot> fields = var != null && !var.columns.isEmpty()
                    ? var.columns
                    : SqlShapes.fields(new SqlSlot.Computed("", item.expr(), scope), this);
            if (var != null) {
                notes.star(item, List.of(var));
                if (var.open != null) {
                    open.add(var.open);
                }
            }
            if (fields == null) {
                SqlSlot whole = new SqlSlot.Computed("", item.expr(), scope);
                open.add(whole);
                columns = List.of();
                if (var == null || var.open == null) {
                    columns = List.of(whole);
                }
            } else {
                budget.spend(fields.size());
                columns = fields;
            }
        }
        Set<String> except = Set.copyOf(item.except());
        for (SqlSlot column : columns) {
            if (except.contains(SqlText.lower(column.name))) {
                continue;
            }
            SqlSlot replaced = column;
            for (Item replacement : item.replace()) {
                String alias = replacement.alias();
                if (alias != null && alias.equalsIgnoreCase(column.name) && replacement.expr() != null) {
                    replaced = new SqlSlot.Computed(column.name, replacement.expr(), scope);
                }
            }
            slots.add(replaced);
        }
    }
}
