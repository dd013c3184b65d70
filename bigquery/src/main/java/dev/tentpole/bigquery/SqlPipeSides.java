package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlRelation.Needed;
import java.util.ArrayList;
import java.util.List;

/** Resolves the steps of a pipe that have pipes or queries of their own, and those that let the rows pass. */
final class SqlPipeSides {

    private final SqlResolver resolver;
    private final SqlSources sources;
    private final SqlPipeResolver pipes;

    SqlPipeSides(SqlResolver resolver, SqlSources sources, SqlPipeResolver pipes) {
        this.resolver = resolver;
        this.sources = sources;
        this.pipes = pipes;
    }

    void step(SqlPipe step, SqlPipeState state) {
        if (step instanceof SqlPipe.Checks checks) {
            needs(checks.exprs(), state);
        } else if (step instanceof SqlPipe.With with) {
            state.outer = resolver.ctes(with.ctes(), with.recursive(), state.outer);
        } else if (step instanceof SqlPipe.Call call) {
            call(call, state);
        } else if (step instanceof SqlPipe.Branches branches) {
            branches(branches, state);
        } else if (step instanceof SqlPipe.Choice choice) {
            choice(choice, state);
        } else if (step instanceof SqlPipe.Recursion recursion) {
            recursion(recursion, state);
        } else if (step instanceof SqlPipe.Write) {
            needAll(state);
        }
    }

    private static void needs(List<SqlExpr> exprs, SqlPipeState state) {
        SqlScope scope = state.scope();
        exprs.forEach(expr -> state.relation.needed.add(new Needed(expr, scope)));
    }

    private void needAll(SqlPipeState state) {
        state.relation.neededSlots.addAll(sources.star(state.vars, null));
        SqlSlot open = SqlResolver.openOf(state.vars);
        if (open != null) {
            state.relation.neededSlots.add(open);
        }
    }

    private void call(SqlPipe.Call call, SqlPipeState state) {
        List<SqlSlot> rows = new ArrayList<>(sources.star(state.vars, null));
        SqlSlot open = SqlResolver.openOf(state.vars);
        if (open != null) {
            rows.add(open);
        }
        // What the function makes of them is not known.
        state.relation.wide.addAll(rows);
        state.relation.empty = true;
        SqlScope scope = state.outer;
        state.barrier().limited = true;
        state.vars = new ArrayList<>(List.of(sources.function(call.function(), rows, scope, state.relation)));
    }

    /** The rows so far as the beginning of another pipe. */
    private static SqlPipeState branch(SqlRelation below, SqlPipeState state) {
        SqlRelation relation = new SqlRelation();
        relation.inputs.add(below);
        return new SqlPipeState(state.outer, relation, new ArrayList<>(state.vars));
    }

    private void branches(SqlPipe.Branches step, SqlPipeState state) {
        SqlRelation below = state.barrier();
        for (List<SqlPipe> steps : step.branches()) {
            SqlRelation branch = pipes.through(steps, branch(below, state));
            branch.seal();
            state.relation.inputs.add(branch);
            state.relation.neededSlots.addAll(branch.columns);
            if (branch.open != null) {
                state.relation.neededSlots.add(branch.open);
            }
        }
        state.relation.sided = true;
        if (step.ends()) {
            state.columns(List.of(), null);
        }
    }

    /** Only one branch runs: which one is known if a condition before the others is plainly true. */
    private void choice(SqlPipe.Choice step, SqlPipeState state) {
        needs(step.conditions(), state);
        int first = 0;
        while (first < step.conditions().size() && isLiteral(step.conditions().get(first), "FALSE")) {
            first++;
        }
        SqlRelation below = state.barrier();
        boolean sure =
                first == step.conditions().size() || isLiteral(step.conditions().get(first), "TRUE");
        if (sure) {
            SqlPipeState branch = branch(below, state);
            SqlRelation chosen = pipes.through(step.branches().get(first), branch);
            state.outer = branch.outer;
            state.vars = branch.vars;
            state.value = branch.value;
            state.relation = chosen;
            return;
        }
        below.limited = true;
        List<SqlSlot> all = new ArrayList<>();
        for (List<SqlPipe> steps :
                step.branches().subList(first, step.branches().size())) {
            SqlRelation branch = pipes.through(steps, branch(below, state));
            branch.seal();
            state.relation.alternatives.add(branch);
            all.addAll(branch.columns);
            if (branch.open != null) {
                all.add(branch.open);
            }
        }
        state.columns(List.of(), new SqlSlot.Merged("", all, true));
    }

    private static boolean isLiteral(SqlExpr expr, String value) {
        return expr instanceof SqlExpr.Literal literal
                && literal.type() == TableField.Type.BOOL
                && literal.value().equals(value);
    }

    private void recursion(SqlPipe.Recursion step, SqlPipeState state) {
        SqlRelation first = state.relation;
        first.columns = sources.star(state.vars, null);
        first.open = SqlResolver.openOf(state.vars);
        first.seal();
        String name = step.alias() == null ? "" : step.alias();
        SqlQuery nothing = SqlQuery.of(SqlQuery.Select.of(
                List.of(), new SqlQuery.From(nowhere(step), List.of()), null, step.start(), step.end()));
        SqlCtes.Entry entry =
                new SqlCtes.Entry(new SqlQuery.Cte(name, nothing, step.depth(), step.start(), step.end()));
        SqlCtes ctes = new SqlCtes(state.outer.ctes);
        if (!name.isEmpty()) {
            ctes.put(entry);
        }
        SqlScope inner = state.outer.with(ctes);
        SqlRelation whole = SqlSources.recursion(first, entry, step.kind(), () -> again(step, entry, inner));
        state.relation = new SqlRelation();
        state.relation.inputs.add(whole);
        List<SqlSlot> columns = new ArrayList<>(whole.columns);
        if (step.depth() != null) {
            columns.add(new SqlSlot.Merged(step.depth(), List.of(), false));
        }
        state.vars = new ArrayList<>(List.of(SqlScope.Var.of(name, columns, whole.open)));
    }

    private List<SqlRelation> again(SqlPipe.Recursion step, SqlCtes.Entry entry, SqlScope scope) {
        if (step.query() != null) {
            return List.of(resolver.query(step.query(), scope));
        }
        SqlRelation relation = new SqlRelation();
        List<SqlScope.Var> vars = new ArrayList<>();
        if (entry.relation != null) {
            entry.references++;
            relation.inputs.add(entry.relation);
            vars.add(SqlResolver.varOf(entry.cte.name(), entry.relation, List.of()));
        }
        List<SqlPipe> steps = step.steps() == null ? List.of() : step.steps();
        return List.of(pipes.through(steps, new SqlPipeState(scope, relation, vars)));
    }

    private static SqlQuery.Source nowhere(SqlPipe.Recursion step) {
        SqlExpr none = new SqlExpr.Literal(null, "", step.start(), step.end());
        return new SqlQuery.Unnest(none, null, null, SqlQuery.Extras.NONE, step.start(), step.end());
    }
}
