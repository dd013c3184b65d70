package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlQuery.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Resolves the pipe syntax: each step makes new columns of those before it. */
final class SqlPipeResolver {

    private final SqlResolver resolver;
    private final SqlSources sources;
    private final SqlPipeSides sides;

    SqlPipeResolver(SqlResolver resolver, SqlSources sources) {
        this.resolver = resolver;
        this.sources = sources;
        sides = new SqlPipeSides(resolver, sources, this);
    }

    SqlRelation resolve(SqlQuery.Pipes pipes, SqlScope scope) {
        SqlRelation relation = new SqlRelation();
        List<SqlScope.Var> vars;
        SqlQuery.Body input = pipes.input();
        while (input instanceof SqlQuery.Nested nested
                && nested.query().ctes().isEmpty()
                && !nested.query().limited()
                && nested.query().orderBy().isEmpty()) {
            input = nested.query().body();
        }
        if (input instanceof SqlQuery.FromFirst first) {
            vars = sources.from(first.from(), scope, relation);
        } else {
            SqlRelation rows = resolver.body(input, scope, List.of());
            relation.inputs.add(rows);
            vars = new ArrayList<>(List.of(SqlResolver.varOf("", rows, List.of())));
        }
        return through(pipes.steps(), new SqlPipeState(scope, relation, vars));
    }

    /** What comes out of steps. */
    SqlRelation through(List<SqlPipe> steps, SqlPipeState state) {
        for (SqlPipe step : steps) {
            step(step, state);
        }
        List<SqlSlot> columns = sources.star(state.vars, null);
        state.relation.columns = state.value ? new ArrayList<>(List.of(state.vars.get(0).value)) : columns;
        state.relation.open = SqlResolver.openOf(state.vars);
        state.relation.value = state.value;
        return state.relation;
    }

    private void step(SqlPipe step, SqlPipeState state) {
        state.value &= step instanceof SqlPipe.Where
                || step instanceof SqlPipe.Order
                || step instanceof SqlPipe.Limit
                || step instanceof SqlPipe.Distinct;
        SqlRelation relation = state.relation;
        if (step instanceof SqlPipe.Where where) {
            resolver.filter(where.condition(), state.scope(), relation);
        } else if (step instanceof SqlPipe.Items items) {
            items(items, state);
        } else if (step instanceof SqlPipe.Drop drop) {
            Set<String> gone = new HashSet<>();
            drop.names().forEach(name -> gone.add(SqlText.lower(name)));
            List<SqlSlot> left = new ArrayList<>();
            for (SqlSlot slot : sources.star(state.vars, null)) {
                if (!gone.contains(SqlText.lower(slot.name))) {
                    left.add(slot);
                }
            }
            state.columnsBesideNames(left);
        } else if (step instanceof SqlPipe.As as) {
            List<SqlSlot> columns = sources.star(state.vars, null);
            state.vars = new ArrayList<>(List.of(SqlScope.Var.of(as.alias(), columns, SqlResolver.openOf(state.vars))));
        } else if (step instanceof SqlPipe.Aggregate aggregate) {
            aggregate(aggregate, state);
        } else if (step instanceof SqlPipe.Order order) {
            List<SqlSlot> columns = sources.star(state.vars, null);
            for (SqlExpr key : order.keys()) {
                SqlResolver.order(key, columns, relation, state.scope());
            }
        } else if (step instanceof SqlPipe.Limit limit) {
            relation.limit(limit.count());
            relation.keepOrder();
            state.barrier().limited = true;
        } else if (step instanceof SqlPipe.Distinct) {
            relation.neededSlots.addAll(sources.star(state.vars, null));
            state.barrier();
        } else if (step instanceof SqlPipe.Join join) {
            sources.join(join.join(), state.outer, state.vars, relation, false);
        } else if (step instanceof SqlPipe.SetOperation set) {
            together(set, state);
        } else if (step instanceof SqlPipe.Extras extras) {
            extras(extras.extras(), state);
        } else if (step instanceof SqlPipe.Unknown unknown) {
            relation.needed.add(new SqlRelation.Needed(unknown.what(), state.scope()));
            SqlSlot open = new SqlSlot.Computed("", unknown.what(), state.scope());
            state.columns(sources.star(state.vars, null), open);
            // What it leaves of the rows, and whether it needs any, is not known.
            relation.empty = true;
            state.barrier().limited = true;
        } else {
            sides.step(step, state);
        }
    }

    private void extras(SqlQuery.Extras extras, SqlPipeState state) {
        if (extras.pivot() != null || extras.unpivot() != null) {
            // Conditions before it are on the rows that it begins with.
            state.barrier();
            SqlScope.Var var = new SqlPivots().apply(extras, state.vars, state.outer, state.relation);
            state.vars = new ArrayList<>(List.of(var));
        } else {
            for (SqlScope.Var var : state.vars) {
                if (var.scan != null) {
                    var.scan.samplePercent = extras.percent();
                }
            }
            // Rows that are no table's are sampled when they were read.
            state.relation.scans.forEach(scan -> scan.maybeLess = true);
        }
        sources.sample(extras, state.outer, state.vars, state.relation);
    }

    private void items(SqlPipe.Items step, SqlPipeState state) {
        Map<String, List<SqlExpr>> windows = new HashMap<>();
        step.windows().forEach(window -> windows.put(SqlText.lower(window.name()), window.parts()));
        SqlScope scope = state.outer.inner(state.vars, windows).ownedBy(state.relation);
        for (Item item : step.items()) {
            state.relation.windowed |= item.expr() != null && SqlTrees.hasWindow(item.expr());
        }
        make(step, scope, state);
        if (state.relation.windowed) {
            state.barrier();
        }
    }

    private void make(SqlPipe.Items step, SqlScope scope, SqlPipeState state) {
        SqlRelation made = new SqlRelation();
        switch (step.kind()) {
            case SELECT -> {
                List<SqlSlot> items = resolver.items(step.items(), scope, null, made);
                state.relation.former.addAll(items);
                if (step.distinct()) {
                    state.relation.neededSlots.addAll(items);
                }
                if (step.as() == SqlQuery.As.COLUMNS) {
                    state.columns(items, made.open);
                } else {
                    value(step, items, made, state);
                }
            }
            case EXTEND -> {
                List<SqlSlot> items = resolver.items(step.items(), scope, null, made);
                state.relation.former.addAll(items);
                // Scopes see the sources that were there when they were made.
                state.vars.add(SqlScope.Var.of("", items, made.open));
            }
            case SET, RENAME -> {
                Map<String, SqlSlot> changed = new HashMap<>();
                for (Item item : step.items()) {
                    String alias = item.alias() == null ? "" : item.alias();
                    if (item.expr() != null) {
                        String from =
                                step.kind() == SqlPipe.Items.Kind.SET ? alias : SqlPrimaryParser.nameOf(item.expr());
                        changed.put(SqlText.lower(from), new SqlSlot.Computed(alias, item.expr(), scope));
                    }
                }
                List<SqlSlot> columns = new ArrayList<>();
                Set<String> known = new HashSet<>();
                for (SqlSlot slot : sources.star(state.vars, null)) {
                    known.add(SqlText.lower(slot.name));
                    columns.add(changed.getOrDefault(SqlText.lower(slot.name), slot));
                }
                changed.forEach((name, slot) -> {
                    if (!known.contains(name)) {
                        // What a field is set to.
                        state.relation.neededSlots.add(slot);
                    }
                });
                state.relation.former.addAll(changed.values());
                state.columnsBesideNames(columns);
            }
        }
    }

    /** Makes one value of each row. */
    private void value(SqlPipe.Items step, List<SqlSlot> items, SqlRelation made, SqlPipeState state) {
        boolean single = step.as() == SqlQuery.As.VALUE && items.size() == 1;
        SqlSlot value = single ? items.get(0) : new SqlSlot.Row("", items);
        List<SqlSlot> fields = SqlShapes.fields(value, resolver);
        List<SqlSlot> columns = fields == null ? List.of() : fields;
        state.vars = new ArrayList<>(List.of(new SqlScope.Var("", columns, null, value, made.open)));
        state.value = true;
    }

    private void aggregate(SqlPipe.Aggregate step, SqlPipeState state) {
        SqlRelation made = new SqlRelation();
        List<SqlSlot> keys = resolver.items(step.keys(), state.scope(), null, made);
        List<SqlSlot> columns = new ArrayList<>(keys);
        columns.addAll(resolver.items(step.items(), state.scope(), null, made));
        state.relation.neededSlots.addAll(keys);
        state.relation.former.addAll(columns);
        state.relation.optional |= step.totals();
        state.columns(columns, made.open);
        state.barrier();
    }

    private void together(SqlPipe.SetOperation step, SqlPipeState state) {
        state.relation.columns = sources.star(state.vars, null);
        state.relation.open = SqlResolver.openOf(state.vars);
        List<SqlRelation> inputs = new ArrayList<>(List.of(state.relation));
        for (SqlQuery input : step.inputs()) {
            inputs.add(resolver.query(input, state.outer));
        }
        SqlRelation all = SqlUnions.together(inputs, step.kind());
        state.relation = all;
        state.columns(all.columns, all.open);
    }
}
