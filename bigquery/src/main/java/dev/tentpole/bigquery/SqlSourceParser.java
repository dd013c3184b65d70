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

    SqlSourceParser(SqlCursor in, SqlParser queries) {
        this.in = in;
        this.queries = queries;
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
        joins.set(open, condition(join.kind(), group, join.start()));
    }

    private static boolean isOpen(Join join) {
        return join.on() == null
                && join.using().isEmpty()
                && join.kind() != JoinKind.COMMA
                && join.kind() != JoinKind.CROSS;
    }

    /** Reads a join with its source and condition; null if there is none. */
    @Nullable
    Join join() throws Confused {
        int start = in.token().start();
        if (in.takeSymbol(",")) {
            return new Join(JoinKind.COMMA, source(), null, List.of(), start, in.lastEnd());
        }
        JoinKind kind = JoinKind.INNER;
        int words = 0;
        if (in.isWord("NATURAL")) {
            throw in.confused();
        }
        for (JoinKind candidate :
                List.of(JoinKind.CROSS, JoinKind.INNER, JoinKind.LEFT, JoinKind.RIGHT, JoinKind.FULL)) {
            if (in.isWord(candidate.name())) {
                kind = candidate;
                words = in.isWord(1, "OUTER") ? 2 : 1;
            }
        }
        if (in.isWord(words, "HASH") || in.isWord(words, "LOOKUP")) {
            words++;
        }
        if (!in.isWord(words, "JOIN")) {
            return null;
        }
        in.moveTo(in.index() + words + 1);
        in.takeWord("LATERAL");
        return condition(kind, source(), start);
    }

    private Join condition(JoinKind kind, Source source, int start) throws Confused {
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
        return new Join(kind, source, on, using, start, in.lastEnd());
    }

    private Source source() throws Confused {
        int start = in.token().start();
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
            return new SqlQuery.Unnest(array, alias, offset, extras(), start, in.lastEnd());
        }
        if (in.isSymbol("(")) {
            return brackets(start);
        }
        in.takeWord("LATERAL");
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
        Extras extras = extras();
        return new SqlQuery.Table(path, alias, offset, past, extras, start, in.lastEnd());
    }

    /** Reads the other arrays of an {@code UNNEST}, which then is as a join of the elements of each. */
    private Source arrays(SqlExpr first, int start) throws Confused {
        Source source = new SqlQuery.Unnest(first, argumentAlias(), null, Extras.NONE, start, in.lastEnd());
        List<Join> joins = new ArrayList<>();
        while (in.takeSymbol(",")) {
            int begin = in.token().start();
            if (in.isWord("MODE") && in.isSymbol(1, "=>")) {
                in.take();
                in.take();
                queries.exprs().expr();
                break;
            }
            SqlExpr array = queries.exprs().expr();
            Source next = new SqlQuery.Unnest(array, argumentAlias(), null, Extras.NONE, begin, in.lastEnd());
            joins.add(new Join(JoinKind.CROSS, next, null, List.of(), begin, in.lastEnd()));
        }
        in.need(")");
        String offset = offset();
        if (offset != null) {
            SqlExpr none = new SqlExpr.Call("ARRAY", List.of(), 0, false, start, in.lastEnd());
            Source last = new SqlQuery.Unnest(none, offset, null, Extras.NONE, start, in.lastEnd());
            joins.add(new Join(JoinKind.CROSS, last, null, List.of(), start, in.lastEnd()));
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

    private Source brackets(int start) throws Confused {
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
            return new SqlQuery.Subquery(subquery, alias, extras(), start, in.lastEnd());
        }
        in.enter();
        in.need("(");
        From from = from();
        in.need(")");
        in.leave();
        return new SqlQuery.Group(from, extras());
    }

    private Source function(List<String> path, int start) throws Confused {
        List<SqlExpr> args = new ArrayList<>();
        List<SqlQuery> inputs = new ArrayList<>();
        List<SqlQuery.Name> tables = new ArrayList<>();
        int open = in.index();
        int close = in.closing(open);
        int depth = in.depth();
        try {
            in.need("(");
            while (!in.isSymbol(")")) {
                argument(args, inputs, tables);
                if (!in.takeSymbol(",")) {
                    break;
                }
            }
            in.need(")");
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
        if (in.isSymbol("(") && (in.isWord(1, "SELECT") || in.isWord(1, "WITH") || in.isWord(1, "FROM"))) {
            inputs.add(queries.nested());
        } else if (in.isWord("TABLE") || in.isWord("MODEL")) {
            boolean table = in.isWord("TABLE");
            in.take();
            int start = in.token().start();
            String name = String.join(".", path());
            if (table) {
                tables.add(new SqlQuery.Name(name, true, start, in.lastEnd()));
            }
        } else if (in.isWord("DESCRIPTOR") || (in.isSymbol("(") && in.isWord(1, "DESCRIPTOR"))) {
            in.take();
            in.skipGroup();
        } else {
            args.add(queries.exprs().expr());
        }
    }

    /** Reads the name of a table, whose project may have dashes. */
    List<String> path() throws Confused {
        SqlToken token = in.token();
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED) {
            throw in.confused();
        }
        if (token.kind() == Kind.WORD && SqlWords.isReserved(String.valueOf(in.word())) && !in.isWord("HASH")) {
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
                text.append('-').append(in.take().text(in.sql));
                if (text.charAt(text.length() - 1) == '.') {
                    // The number before the dot took it with it.
                    text.append(in.name(in.take()));
                }
            } else if (in.isSymbol(".") && !in.isSymbol(1, "*")) {
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
        String alias = queries.alias();
        return alias == null ? "offset" : alias;
    }

    /** Reads {@code PIVOT}, {@code UNPIVOT} and {@code TABLESAMPLE}, as many as there are. */
    Extras extras() throws Confused {
        Extras extras = Extras.NONE;
        while (true) {
            if (in.isWord("PIVOT") && in.isSymbol(1, "(") && extras.pivot() == null) {
                in.take();
                extras = new Extras(pivot(), extras.unpivot(), extras.percent());
            } else if (in.isWord("UNPIVOT") && extras.unpivot() == null) {
                in.take();
                extras = new Extras(extras.pivot(), unpivot(), extras.percent());
            } else if (in.takeWord("TABLESAMPLE")) {
                extras = new Extras(extras.pivot(), extras.unpivot(), sample());
            } else {
                return extras;
            }
        }
    }

    private double sample() throws Confused {
        in.take();
        in.need("(");
        double percent = 100;
        if (in.token().kind() == Kind.INTEGER || in.token().kind() == Kind.FLOAT) {
            percent = Math.min(100, Double.parseDouble(in.take().text(in.sql)));
        } else {
            queries.exprs().expr();
        }
        in.take();
        in.need(")");
        return percent;
    }

    private SqlQuery.Pivot pivot() throws Confused {
        in.need("(");
        List<Item> aggregates = new ArrayList<>();
        do {
            SqlExpr expr = queries.exprs().expr();
            aggregates.add(Item.of(expr, in.isWord("FOR") ? null : queries.alias()));
        } while (in.takeSymbol(","));
        in.needWord("FOR");
        // The word IN ends the column, which is no comparison here.
        int from = in.index();
        List<String> names = new ArrayList<>();
        names.add(in.name(in.take()));
        while (in.takeSymbol(".")) {
            names.add(in.name(in.take()));
        }
        SqlExpr input = new SqlExpr.Path(names, in.peek(from - in.index()).start(), in.lastEnd());
        in.needWord("IN");
        in.need("(");
        List<SqlExpr> values = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        do {
            SqlExpr value = queries.exprs().expr();
            String label = queries.alias();
            values.add(value);
            labels.add(label != null ? label : value instanceof SqlExpr.Literal literal ? literal.value() : "");
        } while (in.takeSymbol(","));
        in.need(")");
        in.need(")");
        return new SqlQuery.Pivot(aggregates, input, values, labels, queries.alias());
    }

    private SqlQuery.Unpivot unpivot() throws Confused {
        if (in.takeWord("INCLUDE") || in.takeWord("EXCLUDE")) {
            in.needWord("NULLS");
        }
        in.need("(");
        List<String> values = names();
        in.needWord("FOR");
        String name = in.name(in.take());
        in.needWord("IN");
        in.need("(");
        List<List<String>> columns = new ArrayList<>();
        do {
            columns.add(names());
            if (in.takeWord("AS")) {
                queries.exprs().expr();
            }
        } while (in.takeSymbol(","));
        in.need(")");
        in.need(")");
        return new SqlQuery.Unpivot(values, name, columns, queries.alias());
    }

    private List<String> names() throws Confused {
        List<String> names = new ArrayList<>();
        if (in.takeSymbol("(")) {
            do {
                names.add(in.name(in.take()));
            } while (in.takeSymbol(","));
            in.need(")");
        } else {
            names.add(in.name(in.take()));
        }
        return names;
    }
}
