package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions by the precedence of their operators. */
final class SqlExprParser {

    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int COMPARISON = 4;
    private static final int ADDITIVE = 9;
    private static final int UNARY = 11;

    /** Chains of different operators that are longer than this lose their shape, so that no tree gets deep. */
    private static final int LONGEST_MIXED = 8;

    private static final int LONGEST_POSTFIX = 16;

    private final SqlCursor in;
    private final SqlPrimaryParser primaries;

    SqlExprParser(SqlCursor in, SqlParser queries) {
        this.in = in;
        primaries = new SqlPrimaryParser(in, this, queries);
    }

    SqlExpr expr() throws Confused {
        return climb(OR);
    }

    /** Reads what may stand between {@code BETWEEN} and {@code AND}. */
    SqlExpr operand() throws Confused {
        return climb(COMPARISON + 1);
    }

    private SqlExpr climb(int least) throws Confused {
        in.enter();
        SqlExpr left = prefixed(least);
        int comparisons = 0;
        while (true) {
            String operator = operator();
            int precedence = operator == null ? 0 : precedence(operator);
            if (operator == null || precedence < least) {
                in.leave();
                return left;
            }
            if (precedence == COMPARISON) {
                if (++comparisons > LONGEST_MIXED) {
                    throw in.confused();
                }
                left = postfix(comparison(left, operator));
            } else {
                left = chain(left, operator, precedence);
            }
        }
    }

    private SqlExpr chain(SqlExpr first, String operator, int precedence) throws Confused {
        List<SqlExpr> operands = new ArrayList<>();
        List<String> operators = new ArrayList<>();
        operands.add(first);
        boolean same = true;
        String next = operator;
        while (next != null && precedence(next) == precedence) {
            same &= next.equals(operator);
            operators.add(next);
            takeOperator(next);
            operands.add(climb(precedence + 1));
            next = operator();
        }
        if (same || operators.size() > LONGEST_MIXED) {
            return call(same ? operator : "MIXED", operands, first.start());
        }
        SqlExpr left = first;
        for (int i = 0; i < operators.size(); i++) {
            left = call(operators.get(i), List.of(left, operands.get(i + 1)), first.start());
        }
        return left;
    }

    private SqlExpr prefixed(int least) throws Confused {
        int start = in.token().start();
        if (in.isWord("NOT") && least <= NOT) {
            in.take();
            return call("NOT", List.of(climb(NOT)), start);
        }
        if (in.isSymbol("-") || in.isSymbol("+") || in.isSymbol("~")) {
            String operator = in.text(in.take());
            return call(operator, List.of(climb(UNARY)), start);
        }
        return postfix(primaries.primary());
    }

    private SqlExpr postfix(SqlExpr base) throws Confused {
        SqlExpr expr = base;
        int count = 0;
        while (in.isSymbol(".") || in.isSymbol("[")) {
            if (++count > LONGEST_POSTFIX) {
                throw in.confused();
            }
            if (in.takeSymbol("[")) {
                SqlExpr index = expr();
                in.need("]");
                expr = new SqlExpr.Element(expr, index, base.start(), in.lastEnd());
            } else if (in.isSymbol(1, "*")) {
                return expr;
            } else {
                in.take();
                expr = primaries.member(expr);
            }
        }
        return expr;
    }

    private SqlExpr comparison(SqlExpr left, String operator) throws Confused {
        if (operator.equals("IS")) {
            return is(left);
        }
        boolean not = in.takeWord("NOT");
        SqlExpr test;
        switch (operator) {
            case "BETWEEN" -> {
                in.take();
                SqlExpr low = operand();
                in.needWord("AND");
                test = call("BETWEEN", List.of(left, low, operand()), left.start());
            }
            case "IN" -> {
                in.take();
                test = in(left);
            }
            case "LIKE" -> {
                in.take();
                if (in.takeWord("ANY") || in.takeWord("SOME") || in.takeWord("ALL")) {
                    test = in(left);
                    test = call("LIKE ANY", List.of(test), left.start());
                } else {
                    test = call("LIKE", List.of(left, operand()), left.start());
                }
            }
            default -> {
                takeOperator(operator);
                if (in.takeWord("ANY") || in.takeWord("SOME") || in.takeWord("ALL")) {
                    test = call("LIKE ANY", List.of(in(left)), left.start());
                } else {
                    test = call(operator.equals("<>") ? "!=" : operator, List.of(left, operand()), left.start());
                }
            }
        }
        return not ? call("NOT", List.of(test), left.start()) : test;
    }

    private SqlExpr is(SqlExpr left) throws Confused {
        in.take();
        boolean not = in.takeWord("NOT");
        if (in.takeWord("DISTINCT")) {
            in.needWord("FROM");
            return call(not ? "IS NOT DISTINCT" : "IS DISTINCT", List.of(left, operand()), left.start());
        }
        SqlToken what = in.take();
        for (String word : List.of("NULL", "TRUE", "FALSE", "UNKNOWN")) {
            if (in.isWord(what, word)) {
                return call((not ? "IS NOT " : "IS ") + word, List.of(left), left.start());
            }
        }
        throw new Confused(what);
    }

    private SqlExpr in(SqlExpr left) throws Confused {
        if (in.takeWord("UNNEST")) {
            in.need("(");
            List<SqlExpr> arrays = new ArrayList<>(List.of(left));
            do {
                if (in.isSymbol(1, "=>")) {
                    in.take();
                    in.take();
                }
                arrays.add(expr());
                if (in.takeWord("AS")) {
                    in.take();
                }
            } while (in.takeSymbol(","));
            in.need(")");
            return call(arrays.size() == 2 ? "IN UNNEST" : "IN ANY", arrays, left.start());
        }
        if (primaries.opensQuery()) {
            return call("IN", List.of(left, primaries.subquery(SqlExpr.Sub.Kind.IN)), left.start());
        }
        in.need("(");
        List<SqlExpr> parts = new ArrayList<>();
        parts.add(left);
        do {
            parts.add(expr());
        } while (in.takeSymbol(","));
        in.need(")");
        return call("IN", parts, left.start());
    }

    /** The binary operator here, or null. */
    private @Nullable String operator() {
        SqlToken token = in.token();
        if (token.kind() == Kind.WORD) {
            String word = in.word();
            if (word != null && word.equals("NOT")) {
                for (String next : List.of("IN", "LIKE", "BETWEEN")) {
                    if (in.isWord(1, next)) {
                        return next;
                    }
                }
                return null;
            }
            return word != null && isOperatorWord(word) ? word : null;
        }
        if (token.kind() != Kind.SYMBOL) {
            return null;
        }
        if (in.isSymbol(token, ">") && in.isSymbol(1, ">") && in.peek(1).start() == token.end()) {
            return "<<";
        }
        String text = in.symbol();
        return text != null && precedence(text) > 0 ? text : null;
    }

    private void takeOperator(String operator) {
        boolean shift = operator.equals("<<") && in.isSymbol(">");
        in.take();
        if (shift) {
            in.take();
        }
    }

    private static boolean isOperatorWord(String word) {
        return switch (word) {
            case "OR", "AND", "IS", "IN", "LIKE", "BETWEEN" -> true;
            default -> false;
        };
    }

    private static int precedence(String operator) {
        return switch (operator) {
            case "OR" -> OR;
            case "AND" -> AND;
            case "=", "<", ">", "<=", ">=", "!=", "<>", "LIKE", "IN", "BETWEEN", "IS" -> COMPARISON;
            case "|" -> 5;
            case "^" -> 6;
            case "&" -> 7;
            case "<<" -> 8;
            case "+", "-" -> ADDITIVE;
            case "*", "/", "||" -> 10;
            default -> 0;
        };
    }

    SqlExpr.Call call(String name, List<SqlExpr> args, int start) {
        return new SqlExpr.Call(name, List.copyOf(args), args.size(), false, start, in.lastEnd());
    }
}
