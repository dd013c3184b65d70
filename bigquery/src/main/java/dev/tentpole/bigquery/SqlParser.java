package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlQuery.Body;
import dev.tentpole.bigquery.SqlQuery.SetKind;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private final SqlSelectParser selects;
    private final SqlPipeParser pipes;

    SqlParser(SqlCursor in) {
        this.in = in;
        exprs = new SqlExprParser(in, this);
        sources = new SqlSourceParser(in, this);
        selects = new SqlSelectParser(in, this);
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
        SqlExpr limit = limited ? limit() : null;
        if (in.isSymbol("|>")) {
            if (body instanceof SqlQuery.Pipes named && orderBy.isEmpty() && !limited) {
                List<SqlPipe> steps = new ArrayList<>(named.steps());
                steps.addAll(pipes.steps());
                body = new SqlQuery.Pipes(named.input(), steps);
            } else {
                SqlQuery inner = new SqlQuery(List.of(), false, body, orderBy, limited, limit, start, in.lastEnd());
                body = new SqlQuery.Pipes(new SqlQuery.Nested(inner), pipes.steps());
            }
            orderBy = List.of();
            limited = false;
            limit = null;
        }
        in.leave();
        return new SqlQuery(ctes, recursive, body, orderBy, limited, limit, start, in.lastEnd());
    }

    /** Reads what follows {@code LIMIT}; returns how many rows it leaves, null for all. */
    @Nullable
    SqlExpr limit() throws Confused {
        SqlExpr count = in.takeWord("ALL") ? null : exprs.expr();
        if (in.takeWord("OFFSET")) {
            exprs.expr();
        }
        return count;
    }

    /** Reads a query in parentheses, which may have a name. */
    private Body named() throws Confused {
        Body body = new SqlQuery.Nested(nested());
        boolean name = in.isWord("AS") || in.isSymbol(1, "|>");
        String alias = name ? alias() : null;
        return alias == null ? body : new SqlQuery.Pipes(body, List.of(new SqlPipe.As(alias)));
    }

    /** Reads a CTE. */
    SqlQuery.Cte cte() throws Confused {
        SqlToken name = in.take();
        if (name.kind() != Kind.WORD && name.kind() != Kind.QUOTED) {
            throw new Confused(name);
        }
        in.needWord("AS");
        if (!in.isSymbol("(")) {
            throw in.confused();
        }
        SqlQuery query = nested();
        String depth = depth();
        return new SqlQuery.Cte(in.name(name), query, depth, name.start(), name.end());
    }

    /** Reads how deep a recursion goes; returns the name of the column that tells its depth, null without one. */
    @Nullable
    String depth() throws Confused {
        if (!in.takeWords("WITH", "DEPTH")) {
            return null;
        }
        String alias = in.isWord("AS") ? alias() : null;
        if (in.takeWord("MAX")) {
            bound();
        } else if (in.takeWord("BETWEEN")) {
            bound();
            in.needWord("AND");
            bound();
        }
        return alias == null ? "depth" : alias;
    }

    private void bound() throws Confused {
        if (!in.takeWord("UNBOUNDED")) {
            exprs.operand();
        }
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
        SetKind kind = null;
        while (startsSetOperation()) {
            kind = setKind();
            all &= kind.all();
            int begin = in.token().start();
            inputs.add(bare(primary(), begin));
        }
        SetKind last = Objects.requireNonNull(kind);
        return new SqlQuery.SetOperation(inputs, new SetKind(all, last.byName(), last.keep(), last.only()));
    }

    private SqlQuery bare(Body body, int start) {
        return new SqlQuery(List.of(), false, body, List.of(), false, null, start, in.lastEnd());
    }

    boolean startsSetOperation() {
        int ahead = 0;
        if (in.isWord("FULL") || in.isWord("LEFT") || in.isWord("INNER")) {
            ahead = 1;
        }
        ahead += in.isWord(ahead, "OUTER") ? 1 : 0;
        return in.isWord(ahead, "UNION")
                || (in.isWord(ahead, "INTERSECT") && in.isWord(ahead + 1, "DISTINCT"))
                || (in.isWord(ahead, "INTERSECT") && in.isWord(ahead + 1, "ALL"))
                || (in.isWord(ahead, "EXCEPT") && (in.isWord(ahead + 1, "DISTINCT") || in.isWord(ahead + 1, "ALL")));
    }

    SetKind setKind() throws Confused {
        SetKind.Keep keep = SetKind.Keep.EQUAL;
        while (!in.isWord("UNION") && !in.isWord("INTERSECT") && !in.isWord("EXCEPT")) {
            keep = in.isWord("INNER")
                    ? SetKind.Keep.COMMON
                    : in.isWord("LEFT") || keep == SetKind.Keep.FIRST ? SetKind.Keep.FIRST : SetKind.Keep.ALL;
            in.take();
        }
        boolean union = in.isWord("UNION");
        in.take();
        boolean all = in.takeWord("ALL");
        if (!all) {
            in.needWord("DISTINCT");
        }
        boolean strict = in.takeWord("STRICT");
        boolean corresponding = in.takeWord("CORRESPONDING");
        boolean byName = corresponding || in.takeWords("BY", "NAME");
        List<String> only = new ArrayList<>();
        if (corresponding && !strict && keep == SetKind.Keep.EQUAL) {
            keep = SetKind.Keep.COMMON;
        }
        if (byName && (in.takeWord("ON") || in.takeWord("BY"))) {
            in.need("(");
            do {
                only.add(in.name(in.take()));
            } while (in.takeSymbol(","));
            in.need(")");
        }
        return new SetKind(union && all, byName, keep, only);
    }

    private Body primary() throws Confused {
        if (in.isSymbol("(")) {
            return named();
        }
        if (in.takeWord("FROM")) {
            SqlQuery.From from = sources.from();
            return new SqlQuery.FromFirst(from);
        }
        if (in.takeWord("TABLE")) {
            return new SqlQuery.FromFirst(new SqlQuery.From(sources.source(), List.of()));
        }
        return selects.select();
    }

    /** Reads keys of an order. */
    List<SqlExpr> orderKeys() throws Confused {
        List<SqlExpr> keys = new ArrayList<>();
        do {
            if (pipes.ends() && !keys.isEmpty()) {
                break;
            }
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
        return new SqlQuery(List.of(), false, body, List.of(), false, null, start, in.lastEnd());
    }

    /** Whether the parentheses that begin here hold a query, given that a query is the first thing in them. */
    boolean isQueryGroup() {
        int open = in.index();
        int ahead = 0;
        while (in.isSymbol(ahead + 1, "(") && ahead < SqlCursor.DEEPEST) {
            int after = in.closing(open + ahead + 1) + 1 - open;
            after += in.isWord(after, "AS") && !in.isSymbol(after + 2, ")") ? 2 : 0;
            if (!in.isSymbol(after, ")")) {
                return in.isWord(after, "UNION")
                        || in.isWord(after, "INTERSECT")
                        || in.isWord(after, "EXCEPT")
                        || in.isWord(after, "ORDER")
                        || in.isWord(after, "LIMIT")
                        || in.isSymbol(after, "|>")
                        || in.isSymbol(after + 1, "|>");
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

    SqlSelectParser selects() {
        return selects;
    }

    SqlPipeParser pipes() {
        return pipes;
    }
}
