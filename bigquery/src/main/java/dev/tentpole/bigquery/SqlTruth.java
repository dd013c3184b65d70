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

    /** Constants whose values are not known, or columns that are never null, may decide what the condition is. */
    static final int OPEN = 16;

    private static final int ANY = TRUE | FALSE | NULL;

    /** How many computed columns below each other are looked through. */
    private static final int DEEPEST = 40;

    private final SqlFold fold;
    private final SqlResolver resolver;
    private final SqlScope scope;
    private final @Nullable SqlNulls asker;
    private int depth;
    private int relations;
    private @Nullable SqlNulls nulls;

    SqlTruth(SqlFold fold, SqlResolver resolver, SqlScope scope) {
        this(fold, resolver, scope, null, 0);
    }

    /** For whoever asks about nulls, and bounds how much may be looked at. */
    SqlTruth(SqlFold fold, SqlResolver resolver, SqlScope scope, SqlNulls asker) {
        this(fold, resolver, scope, asker, 0);
    }

    private SqlTruth(SqlFold fold, SqlResolver resolver, SqlScope scope, @Nullable SqlNulls asker, int depth) {
        this.fold = fold;
        this.resolver = resolver;
        this.scope = scope;
        this.asker = asker;
        this.depth = depth;
    }

    private SqlNulls nulls() {
        if (nulls == null) {
            nulls = asker == null ? new SqlNulls(fold, resolver, scope) : asker.in(scope);
        }
        return nulls;
    }

    /** Whether constants may decide what a condition is, whatever the columns in it are. */
    static boolean isOpen(int truth) {
        return (truth & (MAY_REST | OPEN)) != 0 || Integer.bitCount(truth & ANY) == 1;
    }

    /** Whether constants may decide about the value of an expression, whatever the columns in it are: null does, for one. */
    boolean isOpen(SqlExpr expr) {
        return isOpen(expr, fold.times(scope));
    }

    /** Whether constants may tell that a condition is met or is not, where null is as good as false. */
    boolean maySettle(SqlExpr condition) {
        return isOpen(condition) || isNever(of(condition, fold.times(scope)));
    }

    static boolean isNever(int truth) {
        return (truth & TRUE) == 0;
    }

    static boolean mayBeNull(int truth) {
        return (truth & NULL) != 0;
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
                yield SqlClashes.isClash(args, scope, fold) ? all | MAY_REST | OPEN : all;
            }
            case "OR" -> {
                int any = FALSE;
                for (SqlExpr arg : args) {
                    any = or(any, of(arg, binding));
                }
                yield any;
            }
            case "NOT" -> mixed(not(of(args.get(0), binding)));
            case "=", "!=", "<", "<=", ">", ">=" ->
                compared(call.name(), new Operand(args.get(0), binding), args.get(1));
            case "BETWEEN" -> {
                Operand operand = new Operand(args.get(0), binding);
                int both = and(compared(">=", operand, args.get(1)), compared("<=", operand, args.get(2)));
                SqlValue low = fold.value(args.get(1), binding);
                SqlValue high = fold.value(args.get(2), binding);
                boolean none = low != null && high != null && compared("<=", low, high) == FALSE;
                yield none ? both | MAY_REST | OPEN : both;
            }
            case "IN" -> isAny(new Operand(args.get(0), binding), args.subList(1, args.size()));
            case "IN UNNEST" -> inArray(args.get(0), args.get(1), binding);
            case "LIKE" -> like(args.get(0), args.get(1), binding);
            case "IS NULL", "IS UNKNOWN" -> isNull(args.get(0), true, binding);
            case "IS NOT NULL", "IS NOT UNKNOWN" -> isNull(args.get(0), false, binding);
            case "IS TRUE" -> mixed(is(TRUE, of(args.get(0), binding)));
            case "IS FALSE" -> mixed(is(FALSE, of(args.get(0), binding)));
            case "IS NOT TRUE" -> mixed(not(is(TRUE, of(args.get(0), binding))));
            case "IS NOT FALSE" -> mixed(not(is(FALSE, of(args.get(0), binding))));
            case "NULLIF" ->
                args.size() == 2 && fold.value(expr, binding) == null ? nullIf(args, binding) : value(expr, binding);
            case "IF" -> args.size() == 3 ? choice(args, binding) : value(expr, binding);
            default -> value(expr, binding);
        };
    }

    private int isAny(Operand operand, List<SqlExpr> items) {
        int any = FALSE;
        for (SqlExpr item : items) {
            any = or(any, compared("=", operand, item));
        }
        return any;
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

    private static int is(int wanted, int truth) {
        int found = (mayBe(truth, wanted) ? TRUE : 0) | (mayBe(truth, ANY & ~wanted) ? FALSE : 0);
        return found | (truth & (MAY_REST | OPEN));
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

    private int nullIf(List<SqlExpr> args, SqlFold.Binding binding) {
        int truth = of(args.get(0), binding);
        return truth | NULL | open(isOpen(truth) || isOpen(args.get(1), binding) || nulls().isSame(args));
    }

    private static boolean mayBe(int truth, int values) {
        return (truth & values) != 0;
    }

    private int value(SqlExpr expr, SqlFold.Binding binding) {
        SqlValue value = fold.value(expr, binding);
        if (value == null) {
            return ANY | open(SqlConstants.isConstant(expr, scope) || isOpen(expr, binding));
        }
        if (value.isNull()) {
            return NULL;
        }
        return value.value() instanceof Boolean truth ? (truth ? TRUE : FALSE) : ANY;
    }

    private static int open(boolean open) {
        return open ? OPEN | MAY_REST : 0;
    }

    private boolean isOpen(SqlExpr expr, SqlFold.Binding binding) {
        if (asker != null && asker.isTired()) {
            return true;
        }
        if (SqlConstants.isConstant(expr, scope)) {
            if (fold.isNeverNull(expr)) {
                return false;
            }
            SqlValue value = fold.value(expr, binding);
            return value == null || value.isNull();
        }
        if (expr instanceof SqlExpr.Path path) {
            return isComputedOpen(path);
        }
        if (expr instanceof SqlExpr.Sub sub) {
            return isOpen(sub);
        }
        if (!(expr instanceof SqlExpr.Call call) || call.window()) {
            return anyOpen(SqlTrees.parts(expr), binding);
        }
        if (SqlWords.isCondition(call.name())) {
            return isOpen(of(call, binding));
        }
        List<SqlExpr> args = call.args();
        return switch (call.name()) {
            case "BETWEEN", "IS NULL", "IS NOT NULL", "IS UNKNOWN", "IS NOT UNKNOWN" -> isOpen(of(call, binding));
            case "IS DISTINCT", "IS NOT DISTINCT" -> anyOpen(args, binding) || nulls().isSame(args.get(0), args.get(1));
            case "NULLIF" -> anyOpen(args, binding) || nulls().isSame(args);
            case "*", "-" -> anyOpen(args, binding) || nulls().mayBeZero(call);
            case "COALESCE", "IFNULL" -> isOpen(args.get(0), binding) || SqlConstants.isConstant(args.get(0), scope);
            case "IF", "CASE" -> isChoiceOpen(call, binding);
            default -> anyOpen(args, binding);
        };
    }

    /** A query of constants is one itself; whether others have rows that are not null is told by their conditions. */
    private boolean isOpen(SqlExpr.Sub sub) {
        if (!SqlQuery.readsRows(sub.query())) {
            return true;
        }
        SqlRelation relation = resolver.inExpression(sub.query(), scope);
        return sub.kind() == SqlExpr.Sub.Kind.EXISTS
                ? isFixed(relation)
                : !relation.columns.isEmpty() && isOpen(relation.columns.get(0));
    }

    /** Whether constants alone tell which rows there are. */
    private boolean isFixed(SqlRelation relation) {
        if (++relations > DEEPEST) {
            return true;
        }
        return relation.scans.isEmpty()
                && relation.needed.isEmpty()
                && relation.open == null
                && relation.unnested.stream().allMatch(array -> SqlConstants.isConstant(array.expr(), array.scope()))
                && relation.allInputs().stream().allMatch(this::isFixed);
    }

    /** Whether an array is a constant without elements, or may be so. */
    boolean mayBeNoElements(SqlExpr array) {
        SqlSlot.Computed computed = SqlTargets.computed(array, scope);
        SqlExpr made = computed == null ? array : computed.expr;
        SqlScope in = computed == null ? scope : computed.scope;
        return SqlConstants.isConstant(made, in) && fold.mayBeNoElements(made, in);
    }

    /** Whether the two columns that a join by name compares are never equal, or may be so, because of constants. */
    boolean mayDiffer(SqlSlot left, SqlSlot right) {
        return isOpen(left) || isOpen(right);
    }

    private boolean anyOpen(List<SqlExpr> parts, SqlFold.Binding binding) {
        for (SqlExpr part : parts) {
            if (isOpen(part, binding)) {
                return true;
            }
        }
        return false;
    }

    /** A choice depends on columns if what is asked for does, and one of the results. */
    private boolean isChoiceOpen(SqlExpr.Call call, SqlFold.Binding binding) {
        List<SqlExpr> conditions =
                call.args().subList(call.values(), call.args().size());
        boolean depends = false;
        for (SqlExpr result : call.args().subList(0, call.values())) {
            depends |= !SqlConstants.isConstant(result, scope) && !isOpen(result, binding);
        }
        return !depends || SqlConstants.decides(call, scope) || anyOpen(conditions, binding);
    }

    /** What a query below makes of constants decides as they do. */
    private boolean isComputedOpen(SqlExpr.Path path) {
        SqlScope.Found found = scope.find(path.names());
        SqlSlot slot = found == null ? null : found.slot();
        if (found != null && slot instanceof SqlSlot.Row row && found.rest().size() == 1) {
            slot = row.field(found.rest().get(0));
        }
        return slot != null && isOpen(slot);
    }

    /** Each slot is looked at once: queries below each other may use each column twice. */
    private boolean isOpen(SqlSlot slot) {
        if (!(slot instanceof SqlSlot.Computed) && !(slot instanceof SqlSlot.Merged merged && !merged.whole)) {
            return false;
        }
        if (slot.open == null) {
            if (depth >= DEEPEST) {
                return true;
            }
            // What is made of itself is open.
            slot.open = true;
            depth++;
            boolean open = slot instanceof SqlSlot.Computed computed
                    ? isOpen(computed)
                    : slot instanceof SqlSlot.Merged merged && anyOpen(merged.inputs);
            depth--;
            if (asker != null && asker.isTired()) {
                slot.open = null;
                return true;
            }
            slot.open = open;
        }
        return slot.open;
    }

    private boolean isOpen(SqlSlot.Computed computed) {
        return SqlConstants.isConstant(computed.expr, computed.scope)
                || new SqlTruth(fold, resolver, computed.scope, asker, depth).isOpen(computed.expr);
    }

    private boolean anyOpen(List<SqlSlot> slots) {
        for (SqlSlot slot : slots) {
            if (isOpen(slot)) {
                return true;
            }
        }
        return false;
    }

    private int isNull(SqlExpr operand, boolean wanted, SqlFold.Binding binding) {
        SqlValue value = fold.value(operand, binding);
        if (value != null || (SqlConstants.isConstant(operand, scope) && fold.isNeverNull(operand))) {
            return (value != null && value.isNull()) == wanted ? TRUE : FALSE;
        }
        boolean never = nulls().mayBeNever(operand);
        return TRUE | FALSE | (never ? OPEN : 0) | open(isOpen(operand, binding) || (wanted && never));
    }

    /** What is compared, with one thing or with several, and looked at once: it may have comparisons in it itself. */
    private final class Operand {
        final SqlExpr expr;
        final SqlFold.Binding binding;
        final @Nullable SqlValue value;
        final boolean constant;
        private @Nullable Boolean open;

        Operand(SqlExpr expr, SqlFold.Binding binding) {
            this.expr = expr;
            this.binding = binding;
            value = fold.value(expr, binding);
            constant = SqlConstants.isConstant(expr, scope);
        }

        boolean isOpen() {
            if (open == null) {
                open = SqlTruth.this.isOpen(expr, binding);
            }
            return open;
        }
    }

    private int compared(String operator, Operand left, SqlExpr right) {
        SqlValue a = left.value;
        SqlValue b = fold.value(right, left.binding);
        if (isNull(a) || isNull(b)) {
            return NULL;
        }
        if (a == null || b == null) {
            boolean same = nulls().isSame(left.expr, right);
            return ANY
                    | (same ? OPEN : 0)
                    | open((left.constant && SqlConstants.isConstant(right, scope))
                            || left.isOpen()
                            || isOpen(right, left.binding)
                            || (same && (operator.equals("!=") || !operator.endsWith("="))));
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
        if (a.type() != b.type()) {
            TableField.Type common = common(a.type(), b.type());
            a = common == null ? null : a.as(common, fold.zone());
            b = common == null ? null : b.as(common, fold.zone());
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

    /** The type as which values of two types are compared; null if they are not, or that is not understood. */
    private static TableField.@Nullable Type common(TableField.@Nullable Type a, TableField.@Nullable Type b) {
        if (a == TableField.Type.STRING) {
            return b;
        }
        if (b == TableField.Type.STRING) {
            return a;
        }
        boolean days = a == TableField.Type.DATE || b == TableField.Type.DATE;
        boolean times = a == TableField.Type.DATETIME || b == TableField.Type.DATETIME;
        return days && times ? TableField.Type.DATETIME : null;
    }

    private int inArray(SqlExpr operand, SqlExpr array, SqlFold.Binding binding) {
        if (array instanceof SqlExpr.Call written && SqlLiveness.isArray(written)) {
            return isAny(new Operand(operand, binding), written.args());
        }
        SqlValue value = fold.value(operand, binding);
        List<SqlValue> values = fold.array(array, binding);
        if (values == null) {
            // Nothing is in an array without elements, not even null.
            return isNull(value)
                    ? FALSE | NULL | OPEN
                    : ANY
                            | open(SqlConstants.isConstant(array, scope)
                                    || isOpen(operand, binding)
                                    || isOpen(array, binding));
        }
        if (value == null) {
            return values.isEmpty()
                    ? FALSE
                    : ANY | open(SqlConstants.isConstant(operand, scope) || isOpen(operand, binding));
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
        int unknown = ANY | open(constant || isOpen(operand, binding) || isOpen(pattern, binding));
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
