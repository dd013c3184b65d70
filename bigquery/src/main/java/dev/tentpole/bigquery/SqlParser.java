package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlQuery.Body;
import dev.tentpole.bigquery.SqlQuery.Grouping;
import dev.tentpole.bigquery.SqlQuery.Item;
import dev.tentpole.bigquery.SqlQuery.Window;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads queries by recursive descent, each token a bounded number of times. What it does not understand it skips, by the
 * brackets that belong together, and leaves in the tree as unknown: an expression alone if its end can be told, otherwise the
 * query around it.
 */
final class SqlParser {

    private final SqlCursor in;
    private final SqlExprParser exprs;
    private final SqlSourceParser sources;
    private final SqlPipeParser pipes;

    SqlParser(SqlCursor in) {
        this.in = in;
        exprs = new SqlExprParser(in, this);
        sources = new SqlSourceParser(in, this);
        pipes = new SqlPipeParser(in, this);
    }

    /** Reads a query up to what cannot belong to it. */
    SqlQuery query() throws Confused {
        in.enter();
        int start = in.token().start();
        List<SqlQuery.Cte> ctes = new ArrayList<>();
        boolean recursive = false;
        if (in.takeWord("WITH")) {
            recursive = in.takeWord("RECURSIVE");
            do {
                ctes.add(cte());
            } while (in.takeSymbol(","));
        }
        Body body = setOperation();
        List<SqlExpr> orderBy = in.takeWords("ORDER", "BY") ? orderKeys() : List.of();
        boolean limited = in.takeWord("LIMIT");
        boolean zero = limited && limit();
        if (in.isSymbol("|>")) {
            SqlQuery inner = new SqlQuery(List.of(), false, body, orderBy, limited, zero, start, in.lastEnd());
            body = new SqlQuery.Pipes(new SqlQuery.Nested(inner), pipes.steps());
            orderBy = List.of();
            limited = false;
            zero = false;
        }
        in.leave();
        return new SqlQuery(ctes, recursive, body, orderBy, limited, zero, start, in.lastEnd());
    }

    /** Reads what follows {@code LIMIT}; returns whether it is nothing. */
    boolean limit() throws Confused {
        boolean zero =
                in.token().kind() == Kind.INTEGER && in.token().text(in.sql).equals("0");
        if (!in.takeWord("ALL")) {
            exprs.expr();
        }
        if (in.takeWord("OFFSET")) {
            exprs.expr();
        }
        return zero;
    }

    private SqlQuery.Cte cte() throws Confused {
        SqlToken name = in.take();
        if (name.kind() != Kind.WORD && name.kind() != Kind.QUOTED) {
            throw new Confused(name);
        }
        in.needWord("AS");
        if (!in.isSymbol("(")) {
            throw in.confused();
        }
        SqlQuery query = nested();
        if (in.isWord("WITH") && in.isWord(1, "DEPTH")) {
            throw in.confused();
        }
        return new SqlQuery.Cte(in.name(name), query, name.start(), name.end());
    }

    private Body setOperation() throws Confused {
        int start = in.token().start();
        Body first = primary();
        if (!startsSetOperation()) {
            return first;
        }
        List<SqlQuery> inputs = new ArrayList<>();
        inputs.add(bare(first, start));
        boolean all = true;
        boolean byName = false;
        while (startsSetOperation()) {
            SetKind kind = setKind();
            all &= kind.all;
            byName |= kind.byName;
            int begin = in.token().start();
            inputs.add(bare(primary(), begin));
        }
        return new SqlQuery.SetOperation(inputs, all, byName);
    }

    private SqlQuery bare(Body body, int start) {
        return new SqlQuery(List.of(), false, body, List.of(), false, false, start, in.lastEnd());
    }

    /** How rows are put together. */
    record SetKind(boolean all, boolean byName) {}

    boolean startsSetOperation() {
        int ahead = 0;
        if (in.isWord("FULL") || in.isWord("LEFT") || in.isWord("INNER")) {
            ahead = in.isWord(1, "OUTER") ? 2 : 1;
        }
        return in.isWord(ahead, "UNION")
                || (in.isWord(ahead, "INTERSECT") && in.isWord(ahead + 1, "DISTINCT"))
                || (in.isWord(ahead, "INTERSECT") && in.isWord(ahead + 1, "ALL"))
                || (in.isWord(ahead, "EXCEPT") && (in.isWord(ahead + 1, "DISTINCT") || in.isWord(ahead + 1, "ALL")));
    }

    SetKind setKind() throws Confused {
        while (!in.isWord("UNION") && !in.isWord("INTERSECT") && !in.isWord("EXCEPT")) {
            in.take();
        }
        boolean union = in.isWord("UNION");
        in.take();
        boolean all = in.takeWord("ALL");
        if (!all) {
            in.needWord("DISTINCT");
        }
        boolean byName = false;
        if (in.takeWords("BY", "NAME") || in.takeWord("CORRESPONDING") || in.takeWords("STRICT", "CORRESPONDING")) {
            byName = true;
            if (in.takeWord("ON") || in.takeWord("BY")) {
                in.skipGroup();
            }
        }
        return new SetKind(union && all, byName);
    }

    private Body primary() throws Confused {
        if (in.isSymbol("(")) {
            return new SqlQuery.Nested(nested());
        }
        if (in.takeWord("FROM")) {
            SqlQuery.From from = sources.from();
            return new SqlQuery.FromFirst(from);
        }
        if (in.isWord("TABLE")) {
            throw in.confused();
        }
        return select();
    }

    private SqlQuery.Select select() throws Confused {
        int start = in.token().start();
        in.needWord("SELECT");
        if (in.takeWords("WITH", "DIFFERENTIAL_PRIVACY") || in.takeWords("WITH", "AGGREGATION_THRESHOLD")) {
            in.takeWord("OPTIONS");
            in.skipGroup();
        }
        boolean distinct = in.takeWord("DISTINCT");
        if (!distinct) {
            in.takeWord("ALL");
        }
        SqlQuery.As as = in.takeWords("AS", "STRUCT")
                ? SqlQuery.As.STRUCT
                : in.takeWords("AS", "VALUE") ? SqlQuery.As.VALUE : SqlQuery.As.COLUMNS;
        List<Item> items = items();
        SqlQuery.From from = in.takeWord("FROM") ? sources.from() : null;
        SqlExpr where = in.takeWord("WHERE") ? expr() : null;
        Grouping grouping = in.takeWords("GROUP", "BY") ? grouping() : Grouping.NONE;
        SqlExpr having = in.takeWord("HAVING") ? expr() : null;
        SqlExpr qualify = in.takeWord("QUALIFY") ? expr() : null;
        List<Window> windows = in.takeWord("WINDOW") ? windows() : List.of();
        return new SqlQuery.Select(
                distinct, as, items, from, where, grouping, having, qualify, windows, start, in.lastEnd());
    }

    List<Window> windows() throws Confused {
        List<Window> windows = new ArrayList<>();
        do {
            SqlToken name = in.take();
            in.needWord("AS");
            if (in.isSymbol("(")) {
                windows.add(new Window(in.name(name), new SqlCallParser(in, exprs, this).windowParts()));
            } else {
                SqlToken other = in.take();
                windows.add(new Window(
                        in.name(name), List.of(new SqlExpr.WindowName(in.name(other), other.start(), other.end()))));
            }
        } while (in.takeSymbol(","));
        return windows;
    }

    private Grouping grouping() throws Confused {
        if (in.takeWord("ALL")) {
            return new Grouping(List.of(), true, true);
        }
        List<SqlExpr> keys = new ArrayList<>();
        do {
            if (in.isWord("ROLLUP") || in.isWord("CUBE") || in.isWord("GROUPING")) {
                in.take();
                in.takeWord("SETS");
                sets(keys);
            } else if (in.isSymbol("(") && in.isSymbol(1, ")")) {
                in.skipGroup();
            } else {
                keys.add(expr());
            }
        } while (in.takeSymbol(","));
        return new Grouping(keys, false, true);
    }

    /** Reads sets of keys, in which a struct stands for several keys. */
    private void sets(List<SqlExpr> keys) throws Confused {
        in.need("(");
        if (in.takeSymbol(")")) {
            return;
        }
        do {
            if (in.isWord("ROLLUP") || in.isWord("CUBE")) {
                in.take();
                in.enter();
                sets(keys);
                in.leave();
            } else if (in.isSymbol("(") && in.isSymbol(1, ")")) {
                in.skipGroup();
            } else {
                SqlExpr key = exprs.expr();
                if (key instanceof SqlExpr.Struct struct) {
                    keys.addAll(struct.values());
                } else {
                    keys.add(key);
                }
            }
        } while (in.takeSymbol(","));
        in.need(")");
    }

    /** Reads select items; a comma may follow the last one. */
    List<Item> items() throws Confused {
        List<Item> items = new ArrayList<>();
        do {
            if (endsItems()) {
                break;
            }
            items.add(item());
        } while (in.takeSymbol(","));
        return items;
    }

    private boolean endsItems() {
        return in.isWord("FROM") || in.closes() || in.atEnd() || in.isSymbol(";") || in.isSymbol("|>");
    }

    private Item item() throws Confused {
        int start = in.token().start();
        if (in.takeSymbol("*")) {
            return star(null, start);
        }
        SqlExpr expr = expr();
        if (in.isSymbol(".") && in.isSymbol(1, "*")) {
            in.take();
            in.take();
            return star(expr, start);
        }
        String alias = alias();
        if (alias == null && !(expr instanceof SqlExpr.Unknown)) {
            String name = SqlPrimaryParser.nameOf(expr);
            alias = name.isEmpty() ? null : name;
        }
        return Item.of(expr, alias);
    }

    private Item star(@Nullable SqlExpr of, int start) throws Confused {
        List<String> except = new ArrayList<>();
        List<Item> replace = new ArrayList<>();
        if (in.isWord("EXCEPT") && in.isSymbol(1, "(")) {
            in.take();
            in.need("(");
            do {
                except.add(SqlText.lower(in.name(in.take())));
            } while (in.takeSymbol(","));
            in.need(")");
        }
        if (in.isWord("REPLACE") && in.isSymbol(1, "(")) {
            in.take();
            in.need("(");
            do {
                SqlExpr value = exprs.expr();
                in.takeWord("AS");
                replace.add(Item.of(value, in.name(in.take())));
            } while (in.takeSymbol(","));
            in.need(")");
        }
        return new Item(of, null, true, except, replace, start, in.lastEnd());
    }

    /** Reads keys of an order. */
    List<SqlExpr> orderKeys() throws Confused {
        List<SqlExpr> keys = new ArrayList<>();
        do {
            keys.add(expr());
            if (in.takeWord("COLLATE")) {
                exprs.expr();
            }
            if (in.isWord("ASC") || in.isWord("DESC")) {
                in.take();
            }
            if (in.takeWord("NULLS")) {
                in.take();
            }
        } while (in.takeSymbol(","));
        return keys;
    }

    /** Reads an alias with or without {@code AS}; null if there is none. */
    @Nullable
    String alias() throws Confused {
        boolean as = in.takeWord("AS");
        SqlToken token = in.token();
        boolean name = token.kind() == Kind.QUOTED
                || (token.kind() == Kind.WORD && (as || !SqlWords.isReserved(String.valueOf(in.word()))));
        if (!name && as) {
            throw in.confused();
        }
        return name ? in.name(in.take()) : null;
    }

    /** Reads an expression; what is not understood is skipped to where it must end, and is unknown. */
    SqlExpr expr() throws Confused {
        int from = in.index();
        int depth = in.depth();
        int start = in.token().start();
        Confused confused = null;
        try {
            SqlExpr expr = exprs.expr();
            if (endsExpr()) {
                return expr;
            }
        } catch (Confused e) {
            confused = e;
        }
        in.restoreDepth(depth);
        in.moveTo(from);
        while (!in.atEnd() && !in.closes() && !endsExprForSure()) {
            if (in.opens()) {
                if (!in.isClosed(in.index())) {
                    throw in.confused();
                }
                in.skipGroup();
            } else {
                in.take();
            }
        }
        if (in.index() == from) {
            throw confused == null ? in.confused() : confused;
        }
        return new SqlExpr.Unknown(in.names(from, in.index()), start, in.lastEnd());
    }

    /** Whether something stands here that can follow an expression. */
    private boolean endsExpr() {
        SqlToken token = in.token();
        return switch (token.kind()) {
            case WORD -> true;
            case QUOTED, END -> true;
            case SYMBOL ->
                in.isSymbol(",")
                        || in.closes()
                        || in.isSymbol(";")
                        || in.isSymbol("|>")
                        || (in.isSymbol(".") && in.isSymbol(1, "*"));
            default -> false;
        };
    }

    private boolean endsExprForSure() {
        if (in.isSymbol(",") || in.isSymbol(";") || in.isSymbol("|>")) {
            return true;
        }
        String word = in.word();
        return word != null
                && switch (word) {
                    case "FROM",
                            "WHERE",
                            "GROUP",
                            "HAVING",
                            "QUALIFY",
                            "WINDOW",
                            "ORDER",
                            "LIMIT",
                            "UNION",
                            "INTERSECT",
                            "JOIN",
                            "INNER",
                            "LEFT",
                            "RIGHT",
                            "FULL",
                            "CROSS" -> true;
                    default -> false;
                };
    }

    /** Reads a query in parentheses; one that is not understood is skipped as a whole. */
    SqlQuery nested() throws Confused {
        int open = in.index();
        int close = in.closing(open);
        int depth = in.depth();
        int start = in.token().start();
        in.need("(");
        try {
            SqlQuery query = query();
            if (in.index() == close && in.takeSymbol(")")) {
                return query;
            }
        } catch (Confused e) {
            in.restoreDepth(depth);
            if (!in.isClosed(open)) {
                // Everything up to the end is in here, and in whatever is around it: one of them is enough.
                throw e;
            }
        }
        if (!in.isClosed(open)) {
            throw in.confused();
        }
        SqlToken at = in.token();
        in.moveTo(open);
        in.skipGroup();
        Body body = new SqlQuery.Unreadable(in.names(open + 1, close), at.start(), in.lastEnd());
        return new SqlQuery(List.of(), false, body, List.of(), false, false, start, in.lastEnd());
    }

    /** Whether the parentheses that begin here hold a query, given that a query is the first thing in them. */
    boolean isQueryGroup() {
        int open = in.index();
        int ahead = 0;
        while (in.isSymbol(ahead + 1, "(") && ahead < SqlCursor.DEEPEST) {
            int after = in.closing(open + ahead + 1) + 1 - open;
            if (!in.isSymbol(after, ")")) {
                return in.isWord(after, "UNION")
                        || in.isWord(after, "INTERSECT")
                        || in.isWord(after, "EXCEPT")
                        || in.isWord(after, "ORDER")
                        || in.isWord(after, "LIMIT")
                        || in.isSymbol(after, "|>");
            }
            ahead++;
        }
        return true;
    }

    SqlExprParser exprs() {
        return exprs;
    }

    SqlSourceParser sources() {
        return sources;
    }
}
