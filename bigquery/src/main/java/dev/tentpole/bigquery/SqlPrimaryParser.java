package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what operators connect: literals, names, calls, and what stands in brackets. */
final class SqlPrimaryParser {

    /** Types whose name before a text makes it a literal. */
    private static final Set<String> TYPED =
            Set.of("DATE", "TIMESTAMP", "DATETIME", "TIME", "NUMERIC", "DECIMAL", "BIGNUMERIC", "BIGDECIMAL", "JSON");

    private final SqlCursor in;
    private final SqlExprParser exprs;
    private final SqlParser queries;
    private final SqlTypeParser types;

    SqlPrimaryParser(SqlCursor in, SqlExprParser exprs, SqlParser queries) {
        this.in = in;
        this.exprs = exprs;
        this.queries = queries;
        types = new SqlTypeParser(in);
    }

    SqlExpr primary() throws Confused {
        SqlToken token = in.token();
        switch (token.kind()) {
            case STRING, BYTES -> {
                return literal(token.kind() == Kind.STRING ? TableField.Type.STRING : TableField.Type.BYTES, token);
            }
            case INTEGER -> {
                in.take();
                return new SqlExpr.Literal(TableField.Type.INT64, in.text(token), token.start(), token.end());
            }
            case FLOAT -> {
                in.take();
                return new SqlExpr.Literal(TableField.Type.FLOAT64, in.text(token), token.start(), token.end());
            }
            case PARAMETER -> {
                in.take();
                return new SqlExpr.Param(parameterName(token), -1, token.start(), token.end());
            }
            case POSITIONAL -> {
                in.take();
                return new SqlExpr.Param("", in.positional(), token.start(), token.end());
            }
            case SYSTEM -> {
                in.take();
                while (in.isSymbol(".") && in.peek(1).kind() == Kind.WORD) {
                    in.take();
                    in.take();
                }
                return new SqlExpr.Param(in.text(token.start(), in.lastEnd()), -1, token.start(), token.end());
            }
            case QUOTED -> {
                return named();
            }
            case WORD -> {
                return word(token);
            }
            default -> {
                return bracket();
            }
        }
    }

    /** The name behind the sign, between which white space and comments may stand. */
    private String parameterName(SqlToken token) {
        String text = in.text(token).substring(1);
        SqlToken name = SqlLexer.code(text).get(0);
        return SqlCursor.name(name.kind(), name.text(text));
    }

    private SqlExpr literal(TableField.Type type, SqlToken token) {
        StringBuilder value = new StringBuilder(SqlText.value(in.text(in.take())));
        // Texts in a row are one text.
        while (in.token().kind() == token.kind()) {
            value.append(SqlText.value(in.text(in.take())));
        }
        return new SqlExpr.Literal(type, value.toString(), token.start(), in.lastEnd());
    }

    private SqlExpr bracket() throws Confused {
        int start = in.token().start();
        if (in.isSymbol("[")) {
            return array(start);
        }
        if (opensQuery()) {
            return subquery(SqlExpr.Sub.Kind.SCALAR);
        }
        in.need("(");
        List<SqlExpr> parts = new ArrayList<>();
        do {
            parts.add(exprs.expr());
        } while (in.takeSymbol(","));
        in.need(")");
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return new SqlExpr.Struct(parts.stream().map(part -> "").toList(), parts, start, in.lastEnd());
    }

    private SqlExpr array(int start) throws Confused {
        in.need("[");
        List<SqlExpr> parts = new ArrayList<>();
        if (!in.isSymbol("]")) {
            do {
                parts.add(exprs.expr());
            } while (in.takeSymbol(","));
        }
        in.need("]");
        return exprs.call("ARRAY", parts, start);
    }

    private SqlExpr word(SqlToken token) throws Confused {
        String word = String.valueOf(in.word());
        Kind next = in.peek(1).kind();
        if (next == Kind.STRING && TYPED.contains(word)) {
            in.take();
            SqlExpr.Literal text = (SqlExpr.Literal) literal(TableField.Type.STRING, in.token());
            return new SqlExpr.Literal(TableField.Type.of(word), text.value(), token.start(), in.lastEnd());
        }
        switch (word) {
            case "TRUE", "FALSE" -> {
                in.take();
                return new SqlExpr.Literal(TableField.Type.BOOL, word, token.start(), token.end());
            }
            case "NULL" -> {
                in.take();
                return new SqlExpr.Literal(null, "", token.start(), token.end());
            }
            case "CASE" -> {
                return caseOf(token);
            }
            case "INTERVAL" -> {
                return interval(token);
            }
            case "CAST", "SAFE_CAST" -> {
                return in.isSymbol(1, "(") ? cast(token) : named();
            }
            case "EXTRACT" -> {
                return extract(token);
            }
            case "EXISTS" -> {
                in.take();
                SqlExpr.Sub sub = subquery(SqlExpr.Sub.Kind.EXISTS);
                return new SqlExpr.Sub(sub.kind(), sub.query(), token.start(), sub.end());
            }
            case "ARRAY" -> {
                in.take();
                types.skipAngles();
                return opensQuery() ? subquery(SqlExpr.Sub.Kind.ARRAY) : array(token.start());
            }
            case "STRUCT" -> {
                in.take();
                List<String> names = types.structNames();
                return struct(token, names);
            }
            case "RANGE" -> {
                in.take();
                types.skipAngles();
                if (in.isSymbol("(")) {
                    in.moveTo(in.index() - 1);
                    return named();
                }
                return primary();
            }
            case "WITH" -> {
                return with(token);
            }
            case "NEW", "SELECT", "FROM" -> throw in.confused();
            default -> {
                if (SqlWords.isReserved(word) && !in.isSymbol(1, "(")) {
                    throw in.confused();
                }
                return named();
            }
        }
    }

    private SqlExpr with(SqlToken token) throws Confused {
        in.take();
        in.need("(");
        List<String> names = new ArrayList<>();
        List<SqlExpr> values = new ArrayList<>();
        while (in.isWord(1, "AS")) {
            names.add(in.name(in.take()));
            in.take();
            values.add(exprs.expr());
            in.need(",");
        }
        SqlExpr body = exprs.expr();
        in.need(")");
        return new SqlExpr.With(names, values, body, token.start(), in.lastEnd());
    }

    private SqlExpr caseOf(SqlToken token) throws Confused {
        in.take();
        List<SqlExpr> conditions = new ArrayList<>();
        List<SqlExpr> results = new ArrayList<>();
        if (!in.isWord("WHEN")) {
            conditions.add(exprs.expr());
        }
        while (in.takeWord("WHEN")) {
            conditions.add(exprs.expr());
            in.needWord("THEN");
            results.add(exprs.expr());
        }
        SqlToken end = in.token();
        results.add(in.takeWord("ELSE") ? exprs.expr() : new SqlExpr.Literal(null, "", end.start(), end.end()));
        in.needWord("END");
        int values = results.size();
        results.addAll(conditions);
        return new SqlExpr.Call("CASE", results, values, false, token.start(), in.lastEnd());
    }

    private SqlExpr interval(SqlToken token) throws Confused {
        in.take();
        SqlExpr amount = exprs.expr();
        SqlToken part = in.take();
        if (part.kind() != Kind.WORD) {
            throw new Confused(part);
        }
        if (in.takeWord("TO")) {
            in.take();
        }
        SqlExpr unit =
                new SqlExpr.Literal(TableField.Type.STRING, SqlText.upper(in.text(part)), part.start(), part.end());
        return exprs.call("INTERVAL", List.of(amount, unit), token.start());
    }

    private SqlExpr cast(SqlToken token) throws Confused {
        boolean safe = in.isWord("SAFE_CAST");
        in.take();
        in.need("(");
        SqlExpr value = exprs.expr();
        in.needWord("AS");
        String type = types.read();
        List<SqlExpr> args = new ArrayList<>(List.of(value));
        if (in.takeWord("FORMAT")) {
            args.add(exprs.expr());
            if (in.takeWord("AT")) {
                in.needWord("TIME");
                in.needWord("ZONE");
                args.add(exprs.expr());
            }
        }
        in.need(")");
        String name = "CAST " + type;
        SqlExpr call = new SqlExpr.Call(name, args, args.size(), false, token.start(), in.lastEnd());
        return safe ? exprs.call("SAFE", List.of(call), token.start()) : call;
    }

    private SqlExpr extract(SqlToken token) throws Confused {
        in.take();
        in.need("(");
        SqlToken part = in.take();
        if (in.opens()) {
            in.skipGroup();
        }
        in.needWord("FROM");
        List<SqlExpr> args = new ArrayList<>(List.of(exprs.expr()));
        if (in.takeWord("AT")) {
            in.needWord("TIME");
            in.needWord("ZONE");
            args.add(exprs.expr());
        }
        in.need(")");
        String name = "EXTRACT " + SqlText.upper(in.text(part));
        return new SqlExpr.Call(name, args, args.size(), false, token.start(), in.lastEnd());
    }

    private SqlExpr struct(SqlToken token, List<String> typeNames) throws Confused {
        in.need("(");
        List<String> names = new ArrayList<>();
        List<SqlExpr> values = new ArrayList<>();
        if (!in.isSymbol(")")) {
            do {
                SqlExpr value = exprs.expr();
                String name = values.size() < typeNames.size() ? typeNames.get(values.size()) : nameOf(value);
                if (in.takeWord("AS")) {
                    name = in.name(in.take());
                }
                names.add(name);
                values.add(value);
            } while (in.takeSymbol(","));
        }
        in.need(")");
        return new SqlExpr.Struct(names, values, token.start(), in.lastEnd());
    }

    /** The name that a value has without an alias; empty if it has none. */
    static String nameOf(SqlExpr value) {
        if (value instanceof SqlExpr.Path path) {
            return path.names().get(path.names().size() - 1);
        }
        return value instanceof SqlExpr.Member member ? member.name() : "";
    }

    private SqlExpr named() throws Confused {
        SqlToken first = in.take();
        List<String> names = new ArrayList<>();
        names.add(in.name(first));
        while (in.isSymbol(".") && (in.peek(1).kind() == Kind.WORD || in.peek(1).kind() == Kind.QUOTED)) {
            in.take();
            names.add(in.name(in.take()));
        }
        if (in.isSymbol("(")) {
            return new SqlCallParser(in, exprs, queries).call(names, new ArrayList<>(), first.start());
        }
        if (in.takeSymbol("->")) {
            return new SqlExpr.Lambda(names, exprs.expr(), first.start(), in.lastEnd());
        }
        return new SqlExpr.Path(names, first.start(), in.lastEnd());
    }

    /** Reads what stands behind a value and a dot: a field of it, or a function of which it is the first argument. */
    SqlExpr member(SqlExpr base) throws Confused {
        List<String> names = new ArrayList<>();
        boolean called = in.takeSymbol("(");
        do {
            SqlToken name = in.take();
            if (name.kind() != Kind.WORD && name.kind() != Kind.QUOTED) {
                throw new Confused(name);
            }
            names.add(in.name(name));
        } while (called && in.takeSymbol("."));
        if (called) {
            in.need(")");
        }
        if (called && !in.isSymbol("(")) {
            return exprs.call("EXTENSION", List.of(base), base.start());
        }
        if (in.isSymbol("(")) {
            List<SqlExpr> args = new ArrayList<>(List.of(base));
            return new SqlCallParser(in, exprs, queries).call(names, args, base.start());
        }
        return new SqlExpr.Member(base, names.get(0), base.start(), in.lastEnd());
    }

    /** Whether a query in parentheses begins here; looks behind parentheses that open at once. */
    boolean opensQuery() {
        int ahead = 0;
        while (in.isSymbol(ahead, "(") && ahead <= SqlCursor.DEEPEST) {
            ahead++;
        }
        if (ahead == 0 || !startsQuery(ahead)) {
            return false;
        }
        return ahead == 1 || queries.isQueryGroup();
    }

    private boolean startsQuery(int ahead) {
        return in.isWord(ahead, "SELECT")
                || (in.isWord(ahead, "WITH") && !in.isSymbol(ahead + 1, "("))
                || in.isWord(ahead, "FROM");
    }

    SqlExpr.Sub subquery(SqlExpr.Sub.Kind kind) throws Confused {
        int start = in.token().start();
        if (!in.isSymbol("(")) {
            throw in.confused();
        }
        SqlQuery query = queries.nested();
        return new SqlExpr.Sub(kind, query, start, in.lastEnd());
    }
}
