package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlQuery.Extras;
import dev.tentpole.bigquery.SqlQuery.From;
import dev.tentpole.bigquery.SqlQuery.Item;
import dev.tentpole.bigquery.SqlQuery.Join;
import dev.tentpole.bigquery.SqlQuery.JoinKind;
import dev.tentpole.bigquery.SqlQuery.Source;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind {@code FROM}. */
final class SqlSourceParser {

    private final SqlCursor in;
    private final SqlParser queries;
    private final SqlExtrasParser extras;

    SqlSourceParser(SqlCursor in, SqlParser queries) {
        this.in = in;
        this.queries = queries;
        extras = new SqlExtrasParser(in, queries);
    }

    From from() throws Confused {
        Source first = source();
        List<Join> joins = new ArrayList<>();
        int groups = 0;
        Join join;
        while ((join = join()) != null) {
            joins.add(join);
            while (in.isWord("ON") || in.isWord("USING")) {
                in.enter();
                groups++;
                close(joins);
            }
        }
        for (int i = 0; i < groups; i++) {
            in.leave();
        }
        return new From(first, joins);
    }

    /** Reads another condition: it is that of the last join that has none, around the joins behind it. */
    private void close(List<Join> joins) throws Confused {
        int open = joins.size() - 1;
        while (open >= 0 && !isOpen(joins.get(open))) {
            open--;
        }
        if (open < 0) {
            throw in.confused();
        }
        Join join = joins.get(open);
        List<Join> inner = joins.subList(open + 1, joins.size());
        Source group = new SqlQuery.Group(new From(join.source(), new ArrayList<>(inner)), Extras.NONE);
        inner.clear();
        joins.set(open, condition(join.kind(), group, join.natural(), join.start()));
    }

    private static boolean isOpen(Join join) {
        return join.on() == null
                && join.using().isEmpty()
                && !join.natural()
                && join.kind() != JoinKind.COMMA
                && join.kind() != JoinKind.CROSS;
    }

    /** Reads a join with its source and condition; null if there is none. */
    @Nullable
    Join join() throws Confused {
        int start = in.token().start();
        if (in.takeSymbol(",")) {
            return Join.of(JoinKind.COMMA, source(), null, start, in.lastEnd());
        }
        JoinKind kind = JoinKind.INNER;
        boolean natural = in.isWord("NATURAL");
        int words = natural ? 1 : 0;
        int before = words;
        for (JoinKind candidate :
                List.of(JoinKind.CROSS, JoinKind.INNER, JoinKind.LEFT, JoinKind.RIGHT, JoinKind.FULL)) {
            if (in.isWord(before, candidate.name())) {
                kind = candidate;
                words = in.isWord(before + 1, "OUTER") ? before + 2 : before + 1;
            }
        }
        if (in.isWord(words, "HASH") || in.isWord(words, "LOOKUP")) {
            words++;
        }
        if (!in.isWord(words, "JOIN")) {
            return null;
        }
        in.moveTo(in.index() + words + 1);
        return condition(kind, source(), natural, start);
    }

    private Join condition(JoinKind kind, Source source, boolean natural, int start) throws Confused {
        SqlExpr on = null;
        List<String> using = new ArrayList<>();
        if (in.takeWord("ON")) {
            on = queries.expr();
        } else if (in.takeWord("USING")) {
            in.need("(");
            do {
                using.add(in.name(in.take()));
            } while (in.takeSymbol(","));
            in.need(")");
        }
        return new Join(kind, source, on, using, natural, start, in.lastEnd());
    }

    /** Reads a source without joins. */
    Source source() throws Confused {
        int start = in.token().start();
        boolean lateral = in.takeWord("LATERAL");
        if (in.isWord("UNNEST") && in.isSymbol(1, "(")) {
            in.take();
            in.need("(");
            SqlExpr array = queries.exprs().expr();
            if (!in.isSymbol(")")) {
                return arrays(array, start);
            }
            in.need(")");
            String alias = alias();
            String offset = offset();
            if (alias == null && offset != null) {
                alias = alias();
            }
            asOf();
            return new SqlQuery.Unnest(array, alias, offset, extras(), start, in.lastEnd());
        }
        if (in.isSymbol("(")) {
            return brackets(lateral, start);
        }
        List<String> path = path();
        if (in.isSymbol("(")) {
            return function(path, start);
        }
        String alias = alias();
        boolean past = asOf();
        if (alias == null) {
            alias = alias();
        }
        String offset = offset();
        past |= asOf();
        Extras extras = extras();
        return new SqlQuery.Table(path, alias, offset, past, extras, start, in.lastEnd());
    }

    /** Reads the other arrays of an {@code UNNEST}, which then is as a join of the elements of each. */
    private Source arrays(SqlExpr first, int start) throws Confused {
        Source source = new SqlQuery.Unnest(first, argumentAlias(), null, Extras.NONE, start, in.lastEnd());
        List<Join> joins = new ArrayList<>();
        while (in.takeSymbol(",")) {
            int begin = in.token().start();
            if (in.token().kind() == Kind.WORD && in.isSymbol(1, "=>")) {
                in.take();
                in.take();
                queries.exprs().expr();
                break;
            }
            SqlExpr array = queries.exprs().expr();
            Source next = new SqlQuery.Unnest(array, argumentAlias(), null, Extras.NONE, begin, in.lastEnd());
            joins.add(Join.of(JoinKind.CROSS, next, null, begin, in.lastEnd()));
        }
        in.need(")");
        // A name for all of them is refused by BigQuery.
        alias();
        String offset = offset();
        if (offset != null) {
            SqlExpr none = new SqlExpr.Call("ARRAY", List.of(), 0, false, start, in.lastEnd());
            Source last = new SqlQuery.Unnest(none, offset, null, Extras.NONE, start, in.lastEnd());
            joins.add(Join.of(JoinKind.CROSS, last, null, start, in.lastEnd()));
        }
        return new SqlQuery.Group(new From(source, joins), extras());
    }

    private @Nullable String argumentAlias() throws Confused {
        return in.isWord("AS") ? queries.alias() : null;
    }

    private boolean asOf() throws Confused {
        boolean past = false;
        if (in.isWord("FOR") && (in.isWord(1, "SYSTEM_TIME") || in.isWord(1, "SYSTEM"))) {
            in.take();
            in.take();
            in.takeWord("TIME");
            in.needWord("AS");
            in.needWord("OF");
            queries.exprs().expr();
            past = true;
        }
        return past;
    }

    private Source brackets(boolean lateral, int start) throws Confused {
        int open = in.index();
        int inner = open;
        while (in.isSymbol(inner - open, "(") && inner - open < SqlCursor.DEEPEST) {
            inner++;
        }
        int first = inner - open;
        boolean query = in.isWord(first, "SELECT") || in.isWord(first, "WITH") || in.isWord(first, "FROM");
        if (query && (first == 1 || queries.isQueryGroup())) {
            SqlQuery subquery = queries.nested();
            String alias = alias();
            return new SqlQuery.Subquery(subquery, alias, lateral, extras(), start, in.lastEnd());
        }
        in.enter();
        in.need("(");
        From from = from();
        in.need(")");
        in.leave();
        return new SqlQuery.Group(from, extras());
    }

    /** Reads a call of a function that returns rows. */
    SqlQuery.TableFunction call() throws Confused {
        int start = in.token().start();
        List<String> path = path();
        if (!in.isSymbol("(")) {
            throw in.confused();
        }
        return function(path, start);
    }

    private SqlQuery.TableFunction function(List<String> path, int start) throws Confused {
        List<SqlExpr> args = new ArrayList<>();
        List<SqlQuery> inputs = new ArrayList<>();
        List<SqlQuery.Name> tables = new ArrayList<>();
        int open = in.index();
        int close = in.closing(open);
        int depth = in.depth();
        if (!in.isClosed(open)) {
            // Everything up to the end is in here, and in whatever is around it.
            throw in.confused();
        }
        try {
            in.enter();
            in.need("(");
            while (!in.isSymbol(")")) {
                argument(args, inputs, tables);
                if (!in.takeSymbol(",")) {
                    break;
                }
            }
            in.need(")");
            in.leave();
        } catch (Confused e) {
            in.restoreDepth(depth);
            in.moveTo(open);
            in.skipGroup();
            args.add(new SqlExpr.Unknown(in.names(open, close), start, in.lastEnd()));
        }
        String alias = alias();
        return new SqlQuery.TableFunction(path, args, inputs, tables, alias, extras(), start, in.lastEnd());
    }

    private void argument(List<SqlExpr> args, List<SqlQuery> inputs, List<SqlQuery.Name> tables) throws Confused {
        if (in.token().kind() == Kind.WORD && in.isSymbol(1, "=>")) {
            in.take();
            in.take();
        }
        boolean query = in.isSymbol("(") && (in.isWord(1, "SELECT") || in.isWord(1, "WITH") || in.isWord(1, "FROM"));
        int behind = query ? in.closing(in.index()) + 1 - in.index() : 0;
        if (query && (in.isSymbol(behind, ",") || in.isSymbol(behind, ")"))) {
            inputs.add(queries.nested());
        } else if (in.takeWords("INPUT", "TABLE")) {
            // The rows that come through the pipe are read in any case.
            return;
        } else if ((in.isWord("TABLE") || in.isWord("MODEL") || in.isWord("CONNECTION")) && isName(in.peek(1))) {
            boolean table = in.isWord("TABLE");
            in.take();
            int start = in.token().start();
            if (in.takeWord("DEFAULT")) {
                return;
            }
            List<String> path = path();
            if (table && in.isSymbol("(")) {
                Source inner = function(path, start);
                From from = new From(inner, List.of());
                inputs.add(SqlQuery.of(SqlQuery.Select.of(List.of(Item.all(start)), from, null, start, in.lastEnd())));
                return;
            }
            if (table && in.takeWord("WHERE")) {
                Source rows = new SqlQuery.Table(path, null, null, false, Extras.NONE, start, in.lastEnd());
                From from = new From(rows, List.of());
                SqlExpr where = queries.expr();
                inputs.add(SqlQuery.of(SqlQuery.Select.of(List.of(Item.all(start)), from, where, start, in.lastEnd())));
                return;
            }
            String name = String.join(".", path);
            if (table) {
                tables.add(new SqlQuery.Name(name, true, false, start, in.lastEnd()));
            }
        } else if (in.isWord("DESCRIPTOR") || (in.isSymbol("(") && in.isWord(1, "DESCRIPTOR"))) {
            in.take();
            in.skipGroup();
        } else {
            args.add(queries.exprs().expr());
        }
    }

    private static boolean isName(SqlToken token) {
        return token.kind() == Kind.WORD || token.kind() == Kind.QUOTED;
    }

    /** Reads the name of a table, whose project may have dashes. */
    List<String> path() throws Confused {
        SqlToken token = in.token();
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED) {
            throw in.confused();
        }
        boolean name = !SqlWords.isReserved(String.valueOf(in.word())) || in.isWord("HASH");
        if (token.kind() == Kind.WORD && !name && !(in.isWord("IF") && in.isSymbol(1, "("))) {
            throw in.confused();
        }
        StringBuilder text = new StringBuilder(in.name(in.take()));
        boolean dashed = token.kind() == Kind.WORD;
        while (true) {
            SqlToken next = in.token();
            if (dashed
                    && in.isSymbol("-")
                    && next.start() == in.lastEnd()
                    && in.peek(1).start() == next.end()) {
                in.take();
                text.append('-').append(in.text(in.take()));
                if (text.charAt(text.length() - 1) == '.') {
                    // The number before the dot took it with it.
                    text.append(in.name(in.take()));
                }
            } else if (in.isSymbol(".") && !in.isSymbol(1, "*") && !in.isSymbol(1, "(")) {
                in.take();
                text.append('.').append(in.name(in.take()));
            } else {
                return List.of(text.toString().split("\\.", -1));
            }
        }
    }

    private @Nullable String alias() throws Confused {
        boolean keyword = (in.isWord("PIVOT") || in.isWord("UNPIVOT") || in.isWord("MATCH_RECOGNIZE"))
                && (in.isSymbol(1, "(") || in.isWord(1, "INCLUDE") || in.isWord(1, "EXCLUDE"));
        return keyword ? null : queries.alias();
    }

    private @Nullable String offset() throws Confused {
        if (!in.takeWords("WITH", "OFFSET")) {
            return null;
        }
        String alias = alias();
        return alias == null ? "offset" : alias;
    }

    /** Reads {@code PIVOT}, {@code UNPIVOT} and {@code TABLESAMPLE}, as many as there are. */
    Extras extras() throws Confused {
        return extras.read();
    }
}
