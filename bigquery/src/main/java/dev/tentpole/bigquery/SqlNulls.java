package dev.tentpole.bigquery;

import java.util.List;

/**
 * Whether values are null, or are not, whatever the rows are: as far as constants and the modes of columns may tell that
 * before the query runs. Each answer is yes where it is not sure.
 */
final class SqlNulls {

    /** How many expressions are looked at for one answer, which else takes time exponential in the depth of choices. */
    private static final int MOST_EXPRESSIONS = 1_000;

    private final SqlFold fold;
    private final SqlResolver resolver;
    private final SqlScope scope;
    private final int[] left;

    SqlNulls(SqlFold fold, SqlResolver resolver, SqlScope scope) {
        this(fold, resolver, scope, new int[] {MOST_EXPRESSIONS});
    }

    private SqlNulls(SqlFold fold, SqlResolver resolver, SqlScope scope, int[] left) {
        this.fold = fold;
        this.resolver = resolver;
        this.scope = scope;
        this.left = left;
    }

    SqlNulls in(SqlScope other) {
        return other == scope ? this : new SqlNulls(fold, resolver, other, left);
    }

    private SqlTruth truth() {
        return new SqlTruth(fold, resolver, scope, this);
    }

    /** Counts an expression; returns whether there were too many, so that the answer is yes without a look. */
    boolean isTired() {
        return --left[0] < 0 || !resolver.script().mayAsk();
    }

    /** Whether constants may make an expression null in each row, so that the rest of it need not be computed. */
    boolean mayBeAlways(SqlExpr expr) {
        if (isTired()) {
            return true;
        }
        if (expr instanceof SqlExpr.Path path) {
            SqlSlot slot = SqlTargets.slot(path, scope);
            return slot == null ? isNullConstant(expr) : mayBeAlways(slot);
        }
        if (expr instanceof SqlExpr.Call call) {
            return mayBeAlways(call);
        }
        if (expr instanceof SqlExpr.Literal || expr instanceof SqlExpr.Param) {
            return isNullConstant(expr);
        }
        if (expr instanceof SqlExpr.Member || expr instanceof SqlExpr.Element) {
            return anyPart(SqlTrees.parts(expr));
        }
        if (expr instanceof SqlExpr.With with) {
            return in(scope.variables(with, resolver.budget())).mayBeAlways(with.body());
        }
        if (expr instanceof SqlExpr.Sub sub && sub.kind() == SqlExpr.Sub.Kind.SCALAR) {
            SqlRelation relation = resolver.inExpression(sub.query(), scope);
            return !relation.columns.isEmpty() && mayBeAlways(relation.columns.get(0));
        }
        return false;
    }

    private boolean isNullConstant(SqlExpr expr) {
        return SqlConstants.isConstant(expr, scope) && fold.mayBeNull(expr, scope);
    }

    boolean anyAlways(List<SqlExpr> exprs) {
        for (SqlExpr expr : exprs) {
            if (mayBeAlways(expr)) {
                return true;
            }
        }
        return false;
    }

    /** Whether any of the expressions, or any field of one, may be null. */
    private boolean anyPart(List<SqlExpr> exprs) {
        for (SqlExpr expr : exprs) {
            if (expr instanceof SqlExpr.Struct struct ? anyPart(struct.values()) : mayBeAlways(expr)) {
                return true;
            }
        }
        return false;
    }

    private boolean mayBeAlways(SqlExpr.Call call) {
        List<SqlExpr> args = call.args();
        List<SqlExpr> values = args.subList(0, call.values());
        if (call.window() || SqlTraits.AGGREGATE.isOf(call.name())) {
            return !SqlTraits.NEVER_NULL.isOf(call.name()) && anyAlways(values);
        }
        return switch (call.name()) {
            case "AND", "OR", "NOT", "=", "!=", "<", "<=", ">", ">=", "IN", "IN UNNEST", "LIKE" -> {
                int truth = truth().of(call, fold.times(scope));
                yield SqlTruth.isOpen(truth) || truth == SqlTruth.NULL;
            }
            case "COALESCE", "IFNULL" -> values.stream().allMatch(this::mayBeAlways);
            case "NULLIF" -> isNullConstant(call) || mayBeAlways(args.get(0)) || isSame(args);
            case "IF", "CASE" ->
                isChosen(call) ? anyAlways(values) : values.stream().allMatch(this::mayBeAlways);
            default -> !SqlTraits.NEVER_NULL.isOf(call.name()) && anyAlways(args);
        };
    }

    private boolean mayBeAlways(SqlSlot slot) {
        if (isTired()) {
            return true;
        }
        if (slot instanceof SqlSlot.Computed computed) {
            return in(computed.scope).anyPart(List.of(computed.expr));
        }
        return slot instanceof SqlSlot.Merged merged
                && !merged.whole
                && merged.inputs.stream().anyMatch(this::mayBeAlways);
    }

    /** Whether it may be known that an expression is null in no row, so that it need not be computed to tell that. */
    boolean mayBeNever(SqlExpr expr) {
        if (isTired()) {
            return true;
        }
        if (expr instanceof SqlExpr.Path path) {
            SqlScope.Found found = scope.find(path.names());
            SqlSlot slot = found == null ? null : found.slot();
            return (found == null || slot == null) ? isValue(expr) : mayBeNever(slot, found.rest());
        }
        if (expr instanceof SqlExpr.Call call) {
            return mayBeNever(call);
        }
        if (expr instanceof SqlExpr.Literal || expr instanceof SqlExpr.Param) {
            return isValue(expr);
        }
        if (expr instanceof SqlExpr.Member member) {
            return mayBeNever(member.base());
        }
        if (expr instanceof SqlExpr.Element element) {
            return element.index() instanceof SqlExpr.Call index && !isPartial(index.name());
        }
        if (expr instanceof SqlExpr.With with) {
            return in(scope.variables(with, resolver.budget())).mayBeNever(with.body());
        }
        if (expr instanceof SqlExpr.Sub sub && sub.kind() == SqlExpr.Sub.Kind.SCALAR) {
            SqlRelation relation = resolver.inExpression(sub.query(), scope);
            return relation.single && !relation.columns.isEmpty() && mayBeNever(relation.columns.get(0));
        }
        return expr instanceof SqlExpr.Struct || expr instanceof SqlExpr.Sub;
    }

    /** Whether an expression is a constant, or the time, and not surely null. */
    private boolean isValue(SqlExpr expr) {
        if (!SqlConstants.isConstant(expr, scope)) {
            return false;
        }
        SqlValue value = fold.value(expr, fold.times(scope));
        return value == null || !value.isNull();
    }

    private boolean mayBeNever(SqlExpr.Call call) {
        List<SqlExpr> args = call.args();
        List<SqlExpr> values = args.subList(0, call.values());
        if (isPartial(call.name()) || SqlWords.isUsers(call.name())) {
            return false;
        }
        return switch (call.name()) {
            case "COALESCE", "IFNULL", "AND", "OR" -> values.stream().anyMatch(this::mayBeNever);
            case "=", "!=", "<", "<=", ">", ">=", "IN", "IN UNNEST", "LIKE", "BETWEEN" ->
                values.stream().allMatch(this::mayBeNever) || !SqlTruth.mayBeNull(truth().of(call, fold.times(scope)));
            case "NULLIF" -> isValue(call) || (mayBeNever(args.get(0)) && anyAlways(args.subList(1, args.size())));
            case "IF", "CASE" ->
                isChosen(call)
                        ? values.stream().anyMatch(this::mayBeNever)
                        : values.stream().allMatch(this::mayBeNever);
            default -> SqlTraits.NEVER_NULL.isOf(call.name()) || values.stream().allMatch(this::mayBeNever);
        };
    }

    /** Whether a function may be null for arguments that are not. */
    private static boolean isPartial(String function) {
        return SqlTraits.PARTIAL.isOf(function)
                || (SqlTraits.AGGREGATE.isOf(function) && !SqlTraits.NEVER_NULL.isOf(function))
                || function.startsWith("SAFE")
                || function.startsWith("JSON")
                || function.startsWith("LAX_")
                || function.startsWith("NET.")
                || function.startsWith("REGEXP_EXTRACT");
    }

    private boolean mayBeNever(SqlSlot slot, List<String> fields) {
        if (slot instanceof SqlSlot.Row row && !fields.isEmpty()) {
            SqlSlot field = row.field(fields.get(0));
            return field != null && mayBeNever(field, fields.subList(1, fields.size()));
        }
        if (!(slot instanceof SqlSlot.Column column)) {
            return mayBeNever(slot);
        }
        TableLeaves.Node node = column.node;
        for (int i = 0; i < fields.size() && node != null; i++) {
            node = node.child(fields.get(i));
        }
        return node != null && node.field().mode() == TableField.Mode.REQUIRED;
    }

    private boolean mayBeNever(SqlSlot slot) {
        if (isTired()) {
            return true;
        }
        if (slot instanceof SqlSlot.Column column) {
            return mayBeNever(column, List.of());
        }
        if (slot instanceof SqlSlot.Computed computed) {
            return in(computed.scope).mayBeNever(computed.expr);
        }
        if (slot instanceof SqlSlot.Merged merged) {
            return !merged.whole && merged.inputs.stream().anyMatch(this::mayBeNever);
        }
        if (slot instanceof SqlSlot.Field field) {
            return field.shape != null && mayBeNever(field.shape);
        }
        return slot instanceof SqlSlot.Row
                || (slot instanceof SqlSlot.Pseudo pseudo && pseudo.name.equals("_TABLE_SUFFIX"));
    }

    /** Whether constants may tell which result a choice has, so that neither what it asks for nor the others are computed. */
    boolean isChosen(SqlExpr.Call choice) {
        List<SqlExpr> results = choice.args().subList(0, choice.values());
        List<SqlExpr> conditions =
                choice.args().subList(choice.values(), choice.args().size());
        boolean compares = choice.name().equals("CASE") && conditions.size() == results.size();
        if (SqlConstants.decides(choice, scope) || (compares && anyAlways(conditions))) {
            return true;
        }
        SqlTruth truth = truth();
        for (int i = 0; i < conditions.size() && !compares; i++) {
            if (truth.maySettle(conditions.get(i))) {
                return true;
            }
        }
        return results.stream().allMatch(this::mayBeAlways) || isSame(results);
    }

    /** Whether a product or a difference may be zero in each row, whatever is in it. */
    boolean mayBeZero(SqlExpr.Call call) {
        List<SqlExpr> args = call.args();
        if (call.name().equals("-")) {
            return args.size() == 2 && isSame(args.get(0), args.get(1)) && mayBeNever(args.get(0));
        }
        return call.name().equals("*")
                && args.stream().anyMatch(arg -> fold.mayBeNothing(arg, scope) && SqlConstants.isConstant(arg, scope))
                && args.stream().allMatch(this::mayBeNever);
    }

    /** Whether all of these are plainly the same. */
    boolean isSame(List<SqlExpr> exprs) {
        SqlExpr first = exprs.get(0);
        for (SqlExpr expr : exprs.subList(1, exprs.size())) {
            if (!isSame(first, expr)) {
                return false;
            }
        }
        return true;
    }

    /** Whether two expressions are plainly the same: a column twice, or the same constant. */
    boolean isSame(SqlExpr a, SqlExpr b) {
        if (a instanceof SqlExpr.Path first && b instanceof SqlExpr.Path second) {
            return first.names().equals(second.names());
        }
        SqlValue value = fold.value(a, fold.times(scope));
        return value != null && value.equals(fold.value(b, fold.times(scope)));
    }
}
