package dev.tentpole.bigquery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of true, false and null a condition can be, as far as constants tell before the query runs. An answer is a set of
 * {@link #TRUE}, {@link #FALSE} and {@link #NULL}, and with them {@link #MAY_REST} and {@link #OPEN}.
 */
final class SqlTruth {

    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int NULL = 4;

    /** Constants whose values are not known may keep the condition from being true in any row. */
    static final int MAY_REST = 8;

    /** There are constants in it whose values are not known. */
    static final int OPEN = 16;

    private static final int ANY = TRUE | FALSE | NULL;

    private final SqlFold fold;
    private final SqlScope scope;

    SqlTruth(SqlFold fold, SqlScope scope) {
        this.fold = fold;
        this.scope = scope;
    }

    static boolean isNever(int truth) {
        return (truth & TRUE) == 0;
    }

    static boolean mayBeNever(int truth) {
        return isNever(truth) || (truth & MAY_REST) != 0;
    }

    /** True or false if it is certainly so, where null counts as false; null if it depends. */
    static @Nullable Boolean decided(int truth) {
        return isNever(truth) ? Boolean.FALSE : (truth & ANY) == TRUE ? Boolean.TRUE : null;
    }

    int of(SqlExpr expr, SqlFold.Binding binding) {
        if (!(expr instanceof SqlExpr.Call call) || call.window()) {
            return value(expr, binding);
        }
        List<SqlExpr> args = call.args();
        return switch (call.name()) {
            case "AND" -> {
                int all = TRUE;
                for (SqlExpr arg : args) {
                    all = and(all, of(arg, binding));
                }
                yield all;
            }
            case "OR" -> {
                int any = FALSE;
                for (SqlExpr arg : args) {
                    any = or(any, of(arg, binding));
                }
                yield any;
            }
            case "NOT" -> mixed(not(of(args.get(0), binding)));
            case "=", "!=", "<", "<=", ">", ">=" -> compared(call.name(), args.get(0), args.get(1), binding);
            case "BETWEEN" ->
                and(
                        compared(">=", args.get(0), args.get(1), binding),
                        compared("<=", args.get(0), args.get(2), binding));
            case "IN" -> {
                int any = FALSE;
                for (SqlExpr arg : args.subList(1, args.size())) {
                    any = or(any, compared("=", args.get(0), arg, binding));
                }
                yield any;
            }
            case "IN UNNEST" -> inArray(args.get(0), args.get(1), binding);
            case "LIKE" -> like(args.get(0), args.get(1), binding);
            case "IS NULL", "IS NOT NULL" -> isNull(args.get(0), call.name().equals("IS NULL"), binding);
            case "IF" -> args.size() == 3 ? choice(args, binding) : value(expr, binding);
            default -> value(expr, binding);
        };
    }

    private static int and(int a, int b) {
        int truth = (a & b & TRUE) | ((a | b) & FALSE);
        if (((a & NULL) != 0 && (b & (TRUE | NULL)) != 0) || ((b & NULL) != 0 && (a & TRUE) != 0)) {
            truth |= NULL;
        }
        return truth | ((a | b) & (MAY_REST | OPEN));
    }

    private static int or(int a, int b) {
        int rests = mayBeNever(a) && mayBeNever(b) ? (a | b) & MAY_REST : 0;
        return (not(and(not(a), not(b))) & (ANY | OPEN)) | rests;
    }

    /** What may be never true need not be so when it is negated. */
    private static int not(int truth) {
        int swapped = ((truth & TRUE) != 0 ? FALSE : 0) | ((truth & FALSE) != 0 ? TRUE : 0);
        return swapped | (truth & (NULL | OPEN));
    }

    /** Whatever is made of constants that are not known may be never true. */
    private static int mixed(int truth) {
        return (truth & OPEN) != 0 ? truth | MAY_REST : truth;
    }

    private int choice(List<SqlExpr> args, SqlFold.Binding binding) {
        int condition = of(args.get(2), binding);
        int truth = condition & OPEN;
        if (mayBe(condition, TRUE)) {
            truth |= of(args.get(0), binding);
        }
        if (mayBe(condition, FALSE | NULL)) {
            truth |= of(args.get(1), binding);
        }
        return mixed(truth);
    }

    private static boolean mayBe(int truth, int values) {
        return (truth & values) != 0;
    }

    private int value(SqlExpr expr, SqlFold.Binding binding) {
        SqlValue value = fold.value(expr, binding);
        if (value == null) {
            return ANY | open(SqlConstants.isConstant(expr, scope) || anyOpen(SqlTrees.parts(expr), binding));
        }
        if (value.isNull()) {
            return NULL;
        }
        return value.value() instanceof Boolean truth ? (truth ? TRUE : FALSE) : ANY;
    }

    private static int open(boolean open) {
        return open ? OPEN | MAY_REST : 0;
    }

    /** Whether a constant among operands may be null, which makes the whole null. */
    private boolean anyOpen(List<SqlExpr> operands, SqlFold.Binding binding) {
        for (SqlExpr operand : operands) {
            if (SqlConstants.isConstant(operand, scope)
                    && fold.value(operand, binding) == null
                    && !fold.isNeverNull(operand)) {
                return true;
            }
        }
        return false;
    }

    private int isNull(SqlExpr operand, boolean wanted, SqlFold.Binding binding) {
        SqlValue value = fold.value(operand, binding);
        if (value == null) {
            return TRUE | FALSE | open(SqlConstants.isConstant(operand, scope) && !fold.isNeverNull(operand));
        }
        return value.isNull() == wanted ? TRUE : FALSE;
    }

    private int compared(String operator, SqlExpr left, SqlExpr right, SqlFold.Binding binding) {
        SqlValue a = fold.value(left, binding);
        SqlValue b = fold.value(right, binding);
        if (isNull(a) || isNull(b)) {
            return NULL;
        }
        if (a == null || b == null) {
            boolean constant = SqlConstants.isConstant(left, scope) && SqlConstants.isConstant(right, scope);
            return ANY | open(constant || anyOpen(List.of(left, right), binding));
        }
        return compared(operator, a, b);
    }

    private static boolean isNull(@Nullable SqlValue value) {
        return value != null && value.isNull();
    }

    private int compared(String operator, SqlValue left, SqlValue right) {
        SqlValue a = left;
        SqlValue b = right;
        if (a.isNull() || b.isNull()) {
            return NULL;
        }
        if (a.type() != b.type() && a.type() == TableField.Type.STRING && b.type() != null) {
            a = a.as(b.type(), fold.zone());
        } else if (a.type() != b.type() && b.type() == TableField.Type.STRING && a.type() != null) {
            b = b.as(a.type(), fold.zone());
        }
        Integer order = a == null || b == null ? null : a.compare(b);
        if (order == null) {
            return ANY | open(true);
        }
        boolean truth = switch (operator) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
        return truth ? TRUE : FALSE;
    }

    private int inArray(SqlExpr operand, SqlExpr array, SqlFold.Binding binding) {
        List<SqlValue> values = fold.array(array, binding);
        if (values == null) {
            return ANY | open(SqlConstants.isConstant(array, scope));
        }
        SqlValue value = fold.value(operand, binding);
        if (value == null) {
            boolean nulls = values.stream().allMatch(SqlValue::isNull);
            return nulls ? FALSE | NULL : ANY | open(SqlConstants.isConstant(operand, scope));
        }
        int any = FALSE;
        for (SqlValue each : values) {
            any = or(any, compared("=", value, each));
        }
        return any;
    }

    /** Of patterns with wildcards, a prefix alone is understood. */
    private int like(SqlExpr operand, SqlExpr pattern, SqlFold.Binding binding) {
        SqlValue value = fold.value(operand, binding);
        SqlValue form = fold.value(pattern, binding);
        if (isNull(value) || isNull(form)) {
            return NULL;
        }
        boolean constant = SqlConstants.isConstant(operand, scope) && SqlConstants.isConstant(pattern, scope);
        int unknown = ANY | open(constant || anyOpen(List.of(operand, pattern), binding));
        if (value == null
                || form == null
                || !(value.value() instanceof String text)
                || !(form.value() instanceof String like)) {
            return unknown;
        }
        int wild = like.length();
        for (int i = 0; i < like.length(); i++) {
            if ("%_\\".indexOf(like.charAt(i)) >= 0) {
                wild = i;
                break;
            }
        }
        if (wild == like.length()) {
            return text.equals(like) ? TRUE : FALSE;
        }
        if (!text.startsWith(like.substring(0, wild))) {
            return FALSE;
        }
        return like.substring(wild).equals("%") ? TRUE : unknown;
    }
}
