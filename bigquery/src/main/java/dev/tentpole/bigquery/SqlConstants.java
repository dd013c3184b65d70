package dev.tentpole.bigquery;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether constants decide what the rest of an expression is worth, so that BigQuery may drop it before it reads anything. */
final class SqlConstants {

    private SqlConstants() {}

    /** Whether an expression has the same value in each row. */
    static boolean isConstant(SqlExpr expr, SqlScope scope) {
        if (expr instanceof SqlExpr.Literal) {
            return true;
        }
        if (expr instanceof SqlExpr.Path) {
            return !isColumn(expr, Set.of(), scope);
        }
        Set<String> variables = new HashSet<>(0);
        return !SqlTrees.any(
                expr,
                part -> isColumn(part, variables, scope)
                        || part instanceof SqlExpr.Sub
                        || part instanceof SqlExpr.Unknown
                        || part instanceof SqlExpr.Lambda
                        || part instanceof SqlExpr.WindowName
                        || (part instanceof SqlExpr.Call call && (call.window() || isCount(call.name()))));
    }

    /** Whether a function tells of how many rows it is, whatever is in them. */
    private static boolean isCount(String function) {
        return switch (function) {
            case "COUNT", "COUNT DISTINCT", "SUM" -> true;
            default -> false;
        };
    }

    /**
     * Whether it is a name, and neither one that a {@code WITH} around it, which comes before it, gives to a value, nor a
     * variable of the script.
     */
    private static boolean isColumn(SqlExpr part, Set<String> variables, SqlScope scope) {
        if (part instanceof SqlExpr.With with) {
            with.names().forEach(name -> variables.add(SqlText.lower(name)));
        }
        if (!(part instanceof SqlExpr.Path path)) {
            return false;
        }
        SqlScope.Found found = scope.find(path.names());
        boolean variable = found == null ? SqlWords.isTime(path) : found.slot() == null;
        return !variable
                && (variables.isEmpty()
                        || !variables.contains(SqlText.lower(path.names().get(0))));
    }

    /** Whether a constant among the arguments may decide about the others. */
    static boolean decides(SqlExpr.Call call, SqlScope scope) {
        return switch (call.name()) {
            case "AND" -> has(call.args(), "TRUE", scope);
            case "OR" -> has(call.args(), "FALSE", scope);
            case "COALESCE", "IFNULL", "NULLIF" ->
                !call.args().isEmpty() && isConstant(call.args().get(0), scope);
            case "IF" ->
                call.values() < call.args().size() && isConstant(call.args().get(call.values()), scope);
            case "CASE" ->
                ofCase(
                        call.args().subList(0, call.values()),
                        call.args().subList(call.values(), call.args().size()),
                        scope);
            default -> false;
        };
    }

    /** Whether any operand is a constant that is not plainly the neutral one. */
    private static boolean has(List<SqlExpr> operands, String neutral, SqlScope scope) {
        for (SqlExpr operand : operands) {
            boolean harmless = operand instanceof SqlExpr.Literal literal
                    && literal.type() == TableField.Type.BOOL
                    && literal.value().equalsIgnoreCase(neutral);
            if (!harmless && !isSame(operand, neutral) && isConstant(operand, scope)) {
                return true;
            }
        }
        return false;
    }

    /** {@code 1 = 1}, which generated queries begin with. */
    private static boolean isSame(SqlExpr expr, String neutral) {
        return expr instanceof SqlExpr.Call call
                && call.name().equals("=")
                && call.args().get(0) instanceof SqlExpr.Literal left
                && call.args().get(1) instanceof SqlExpr.Literal right
                && left.type() == TableField.Type.INT64
                && right.type() == TableField.Type.INT64
                && left.value().equals(right.value()) == neutral.equals("TRUE");
    }

    /** The values behind {@code WHEN} are constants as a rule, if there is an operand before the first one. */
    private static boolean ofCase(List<SqlExpr> results, List<SqlExpr> conditions, SqlScope scope) {
        boolean operand = conditions.size() == results.size();
        for (SqlExpr condition : operand ? conditions.subList(0, 1) : conditions) {
            if (isConstant(condition, scope)) {
                return true;
            }
        }
        return false;
    }
}
