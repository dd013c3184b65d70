package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads calls of functions with all that may stand in them and behind them. */
final class SqlCallParser {

    private final SqlCursor in;
    private final SqlExprParser exprs;
    private final SqlParser queries;

    SqlCallParser(SqlCursor in, SqlExprParser exprs, SqlParser queries) {
        this.in = in;
        this.exprs = exprs;
        this.queries = queries;
    }

    /** Reads a call whose name and maybe first argument were read, from its opening parenthesis. */
    SqlExpr call(List<String> names, List<SqlExpr> args, int start) throws Confused {
        boolean safe = names.size() > 1 && names.get(0).equalsIgnoreCase("SAFE");
        String name = function(SqlText.upper(String.join(".", safe ? names.subList(1, names.size()) : names)));
        in.need("(");
        boolean distinct = in.takeWord("DISTINCT");
        if (!in.isSymbol(")") && (in.isWord("CLAMPED") || !startsModifier(0))) {
            do {
                args.add(argument(name, args.size()));
            } while (in.takeSymbol(","));
        }
        int values = args.size();
        modifiers(args);
        in.need(")");
        SqlQuery rows = in.isWord("WITH") && in.isWord(1, "GROUP") && in.isWord(2, "ROWS") ? groupRows() : null;
        if (name.equals("IF") && values == 3) {
            args.add(args.remove(0));
            values = 2;
        } else if (name.equals("ARRAY_AGG") || name.equals("ANY_VALUE")) {
            values = Math.min(values, 1);
        }
        boolean window = in.takeWord("OVER");
        if (window) {
            over(args);
        }
        String shown = distinct && name.equals("COUNT") ? "COUNT DISTINCT" : name;
        SqlExpr.Call call = new SqlExpr.Call(shown, args, values, window, start, in.lastEnd());
        SqlExpr result = rows == null ? call : over(call, rows);
        return safe ? exprs.call("SAFE", List.of(result), start) : result;
    }

    private SqlQuery groupRows() throws Confused {
        in.take();
        in.take();
        in.take();
        return queries.nested();
    }

    /** An aggregate of the rows of a query, whose columns are what its arguments mean. */
    private static SqlExpr over(SqlExpr.Call call, SqlQuery rows) {
        SqlQuery.Source source =
                new SqlQuery.Subquery(rows, null, false, SqlQuery.Extras.NONE, rows.start(), rows.end());
        SqlQuery query = SqlQuery.of(SqlQuery.Select.of(
                List.of(SqlQuery.Item.of(call, null)),
                new SqlQuery.From(source, List.of()),
                null,
                call.start(),
                call.end()));
        return new SqlExpr.Sub(SqlExpr.Sub.Kind.SCALAR, query, call.start(), call.end());
    }

    /** Somebody's function can be named as an operator is, in backquotes, which stay. */
    private static String function(String name) {
        boolean plain = !name.isEmpty() && Character.isJavaIdentifierStart(name.charAt(0)) && name.indexOf(' ') < 0;
        return plain && !SqlTraits.OPERATOR.isOf(name) ? name : "`" + name + "`";
    }

    private SqlExpr argument(String function, int index) throws Confused {
        SqlToken token = in.token();
        if (in.isSymbol("*") && (in.isSymbol(1, ")") || in.isSymbol(1, ",") || startsModifier(1))) {
            in.take();
            return new SqlExpr.Literal(null, "*", token.start(), token.end());
        }
        if (in.isWord("SEQUENCE") && isName(in.peek(1)) && !startsModifier(1)) {
            in.take();
            String sequence = String.join(".", queries.sources().path());
            return new SqlExpr.Literal(null, sequence, token.start(), in.lastEnd());
        }
        if (token.kind() == Kind.WORD && in.isSymbol(1, "=>")) {
            in.take();
            in.take();
        }
        if (in.takeWords("INPUT", "TABLE")) {
            return new SqlExpr.Literal(null, "INPUT TABLE", token.start(), in.lastEnd());
        }
        if (token.kind() == Kind.WORD && SqlWords.isPart(function, index)) {
            return part(token);
        }
        if (startsBareQuery()) {
            return new SqlExpr.Sub(SqlExpr.Sub.Kind.SCALAR, queries.query(), token.start(), in.lastEnd());
        }
        if (in.isSymbol("(") && isLambda()) {
            return lambda(token);
        }
        SqlExpr value = exprs.expr();
        if (in.takeWord("AS")) {
            in.take();
        }
        return value;
    }

    private boolean startsBareQuery() {
        return in.isWord("SELECT") || (in.isWord("WITH") && !in.isSymbol(1, "("));
    }

    /** A part of a date is no column. */
    private SqlExpr part(SqlToken token) throws Confused {
        if (!in.isSymbol(1, ")") && !in.isSymbol(1, ",") && !in.isSymbol(1, "(")) {
            return exprs.expr();
        }
        in.take();
        if (in.opens()) {
            in.skipGroup();
        }
        String text = SqlText.upper(in.text(token.start(), in.lastEnd()));
        return new SqlExpr.Literal(TableField.Type.STRING, text, token.start(), in.lastEnd());
    }

    private boolean isLambda() {
        int close = in.closing(in.index());
        return in.isSymbol(close + 1 - in.index(), "->");
    }

    private SqlExpr lambda(SqlToken token) throws Confused {
        int close = in.closing(in.index());
        in.need("(");
        List<String> parameters = new ArrayList<>();
        while (in.index() < close) {
            SqlToken name = in.take();
            if (isName(name)) {
                parameters.add(in.name(name));
            }
        }
        in.need(")");
        in.need("->");
        return new SqlExpr.Lambda(parameters, exprs.expr(), token.start(), in.lastEnd());
    }

    private boolean isName(SqlToken token) {
        return token.kind() == Kind.QUOTED
                || (token.kind() == Kind.WORD && !SqlWords.isReserved(SqlText.upper(in.text(token))));
    }

    /** Whether what may follow the arguments begins so many tokens ahead. */
    private boolean startsModifier(int ahead) {
        return in.isWord(ahead, "ORDER")
                || in.isWord(ahead, "LIMIT")
                || in.isWord(ahead, "WHERE")
                || in.isWord(ahead, "HAVING")
                || in.isWord(ahead, "GROUP")
                || (in.isWord(ahead, "IGNORE") && in.isWord(ahead + 1, "NULLS"))
                || (in.isWord(ahead, "RESPECT") && in.isWord(ahead + 1, "NULLS"))
                || (in.isWord(ahead, "CLAMPED") && in.isWord(ahead + 1, "BETWEEN"))
                || (in.isWord(ahead, "WITH") && in.isWord(ahead + 1, "REPORT"));
    }

    private void modifiers(List<SqlExpr> args) throws Confused {
        while (!in.isSymbol(")")) {
            if (in.takeWord("IGNORE") || in.takeWord("RESPECT")) {
                in.needWord("NULLS");
            } else if (in.takeWord("HAVING")) {
                if (in.isWord("MAX") || in.isWord("MIN")) {
                    in.take();
                }
                args.add(exprs.expr());
            } else if (in.takeWord("WHERE")) {
                args.add(exprs.expr());
            } else if (in.takeWords("GROUP", "BY")) {
                args.addAll(queries.selects().grouping().keys());
            } else if (in.takeWords("CLAMPED", "BETWEEN")) {
                args.add(exprs.operand());
                in.needWord("AND");
                args.add(exprs.operand());
            } else if (in.takeWords("WITH", "REPORT")) {
                in.skipGroup();
            } else if (in.takeWords("ORDER", "BY")) {
                args.addAll(queries.orderKeys());
            } else if (in.takeWord("LIMIT") || in.takeWord("OFFSET")) {
                if (!in.takeWord("ALL")) {
                    args.add(exprs.expr());
                }
            } else {
                throw in.confused();
            }
        }
    }

    private List<SqlExpr> list() throws Confused {
        List<SqlExpr> list = new ArrayList<>();
        do {
            list.add(exprs.expr());
        } while (in.takeSymbol(","));
        return list;
    }

    private void over(List<SqlExpr> args) throws Confused {
        SqlToken token = in.token();
        if (token.kind() == Kind.WORD || token.kind() == Kind.QUOTED) {
            in.take();
            args.add(new SqlExpr.WindowName(in.name(token), token.start(), token.end()));
            return;
        }
        args.addAll(windowParts());
    }

    /** Reads a window in parentheses. */
    List<SqlExpr> windowParts() throws Confused {
        List<SqlExpr> parts = new ArrayList<>();
        in.need("(");
        SqlToken token = in.token();
        if ((token.kind() == Kind.WORD && !SqlWords.isReserved(String.valueOf(in.word())))
                || token.kind() == Kind.QUOTED) {
            in.take();
            parts.add(new SqlExpr.WindowName(in.name(token), token.start(), token.end()));
        }
        if (in.takeWords("PARTITION", "BY")) {
            parts.addAll(list());
        }
        if (in.takeWords("ORDER", "BY")) {
            parts.addAll(queries.orderKeys());
        }
        if (in.isWord("ROWS") || in.isWord("RANGE")) {
            while (!in.isSymbol(")") && !in.atEnd()) {
                if (in.opens()) {
                    in.skipGroup();
                } else {
                    in.take();
                }
            }
        }
        in.need(")");
        return parts;
    }
}
