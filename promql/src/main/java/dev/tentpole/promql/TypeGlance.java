package dev.tentpole.promql;

import java.util.Collections;
import java.util.List;

/**
 * Looks at the types while the tree is made, and tells at a glance whether {@link TypeChecker} has anything to look for.
 *
 * <p>Nearly all queries are right, and a second way through their trees would cost a third of the time to parse them. So
 * this knows what is certainly right, and nothing of how to report what is wrong: a query that is in doubt is checked.
 */
final class TypeGlance {

    static final byte SCALAR = ValueType.SCALAR.code();
    static final byte VECTOR = ValueType.INSTANT_VECTOR.code();

    /** Longer lists of labels are not compared one by one, which would take the square of their length. */
    private static final int FEW = 16;

    private boolean doubt;

    /**
     * Starts.
     *
     * @param doubt whether all is in doubt, as it is where template variables have the types that are wanted
     */
    TypeGlance(boolean doubt) {
        this.doubt = doubt;
    }

    /** {@return whether something may be wrong} */
    boolean inDoubt() {
        return doubt;
    }

    void selector(String name, List<Matcher> matchers) {
        boolean right = !name.isEmpty();
        for (int i = 0; i < matchers.size(); i++) {
            Matcher matcher = matchers.get(i);
            if (name.isEmpty()) {
                right |= matcher.op() == Matcher.Op.EQUAL && !matcher.value().isEmpty();
            } else {
                right &= !matcher.name().equals(Matcher.METRIC_NAME);
            }
        }
        doubt |= !right;
    }

    /** Looks at the operand of a sign or of a subquery. */
    void operand(byte type, boolean scalarFits) {
        doubt |= type != VECTOR && !(scalarFits && type == SCALAR);
    }

    void call(FunctionSignature function, byte[] types, int from, int to) {
        int count = to - from;
        boolean right = count >= function.minArguments()
                && count <= function.maxArguments()
                && !function.name().equals("info");
        for (int i = 0; right && i < count; i++) {
            right = types[from + i] == function.argumentType(i).code();
        }
        doubt |= !right;
    }

    void aggregation(AggregateOp op, byte[] types, int from, int to) {
        doubt |= types[to - 1] != VECTOR
                || (op.hasParameter()
                        && types[from]
                                != op.parameterType().orElse(ValueType.SCALAR).code());
    }

    void binary(BinaryOp op, boolean bool, byte left, byte right, VectorMatching written) {
        boolean vectors = left == VECTOR && right == VECTOR;
        boolean known = (left == VECTOR || left == SCALAR) && (right == VECTOR || right == SCALAR);
        boolean scalars = left == SCALAR && right == SCALAR;
        boolean comparison = op.isComparison();
        doubt |= !known
                || (bool && !comparison)
                || (comparison && !bool && scalars)
                || (op.isSetOperator() && !vectors)
                || (!written.isNone() && !(vectors && fits(written, op)));
    }

    private static boolean fits(VectorMatching written, BinaryOp op) {
        if (op.isSetOperator()) {
            return written.group() == VectorMatching.Group.NONE
                    && written.fillLeft().isEmpty()
                    && written.fillRight().isEmpty();
        }
        List<String> include = written.include();
        return !written.on() || (include.size() <= FEW && Collections.disjoint(include, written.labels()));
    }
}
