package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Questions about expressions. */
final class SqlTrees {

    private SqlTrees() {}

    /** The parts of an expression, without queries. */
    static List<SqlExpr> parts(SqlExpr expr) {
        if (expr instanceof SqlExpr.Call call) {
            return call.args();
        }
        if (expr instanceof SqlExpr.Struct struct) {
            return struct.values();
        }
        if (expr instanceof SqlExpr.Member member) {
            return List.of(member.base());
        }
        if (expr instanceof SqlExpr.Element element) {
            return List.of(element.base(), element.index());
        }
        if (expr instanceof SqlExpr.With with) {
            List<SqlExpr> parts = new ArrayList<>(with.values());
            parts.add(with.body());
            return parts;
        }
        return expr instanceof SqlExpr.Lambda lambda ? List.of(lambda.body()) : List.of();
    }

    static boolean any(SqlExpr expr, Predicate<SqlExpr> test) {
        if (test.test(expr)) {
            return true;
        }
        for (SqlExpr part : parts(expr)) {
            if (any(part, test)) {
                return true;
            }
        }
        return false;
    }

    static boolean hasWindow(SqlExpr expr) {
        return any(expr, part -> part instanceof SqlExpr.Call call && call.window());
    }

    static boolean hasAggregate(SqlExpr expr) {
        return any(
                expr,
                part -> part instanceof SqlExpr.Call call && !call.window() && SqlTraits.AGGREGATE.isOf(call.name()));
    }

    /** The position that a literal stands for, or -1. */
    static int ordinal(SqlExpr.Literal literal) {
        String value = literal.value();
        return value.length() <= 6 && value.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(value) : -1;
    }
}
