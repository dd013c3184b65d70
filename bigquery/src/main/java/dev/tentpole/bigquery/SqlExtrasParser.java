package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlQuery.Extras;
import dev.tentpole.bigquery.SqlQuery.Item;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads what may follow a source of rows: columns that become rows or rows that become columns, and samples. */
final class SqlExtrasParser {

    private final SqlCursor in;
    private final SqlParser queries;

    SqlExtrasParser(SqlCursor in, SqlParser queries) {
        this.in = in;
        this.queries = queries;
    }

    /** Reads {@code PIVOT}, {@code UNPIVOT} and {@code TABLESAMPLE}, as many as there are. */
    Extras read() throws Confused {
        Extras extras = Extras.NONE;
        while (true) {
            if (in.isWord("PIVOT") && in.isSymbol(1, "(") && extras.pivot() == null) {
                in.take();
                extras = new Extras(pivot(), extras.unpivot(), extras.percent(), extras.weight(), extras.strata());
            } else if (in.isWord("UNPIVOT") && extras.unpivot() == null) {
                in.take();
                extras = new Extras(extras.pivot(), unpivot(), extras.percent(), extras.weight(), extras.strata());
            } else if (in.takeWord("TABLESAMPLE")) {
                extras = sample(extras);
            } else {
                return extras;
            }
        }
    }

    private Extras sample(Extras before) throws Confused {
        boolean blocks = in.isWord("SYSTEM");
        in.take();
        in.need("(");
        SqlToken size = in.token();
        queries.exprs().expr();
        double percent = 100;
        // Other samples are taken from all rows.
        if (blocks && in.isWord("PERCENT") && (size.kind() == Kind.INTEGER || size.kind() == Kind.FLOAT)) {
            percent = in.lastEnd() == size.end() ? Math.min(100, percent(in.text(size))) : 100;
        }
        in.take();
        List<SqlExpr> strata = List.of();
        if (in.takeWords("PARTITION", "BY")) {
            strata = queries.selects().grouping().keys();
        }
        in.need(")");
        String weight = before.weight();
        if (in.takeWords("WITH", "WEIGHT")) {
            String alias = in.isWord("REPEATABLE") && in.isSymbol(1, "(") ? null : queries.alias();
            weight = alias == null ? "weight" : alias;
        }
        if (in.isWord("REPEATABLE") && in.isSymbol(1, "(")) {
            in.take();
            in.skipGroup();
        }
        return new Extras(before.pivot(), before.unpivot(), percent, weight, strata);
    }

    private static double percent(String number) {
        return number.startsWith("0x") || number.startsWith("0X") ? 100 : Double.parseDouble(number);
    }

    private SqlQuery.Pivot pivot() throws Confused {
        in.need("(");
        List<Item> aggregates = new ArrayList<>();
        do {
            SqlExpr expr = queries.exprs().expr();
            aggregates.add(Item.of(expr, in.isWord("FOR") ? null : queries.alias()));
        } while (in.takeSymbol(","));
        in.needWord("FOR");
        // The word IN ends what is compared, which is no comparison here.
        SqlExpr input = queries.exprs().operand();
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
        boolean keepsNulls = in.isWord("INCLUDE");
        if (in.takeWord("INCLUDE") || in.takeWord("EXCLUDE")) {
            in.needWord("NULLS");
        }
        in.need("(");
        List<String> values = new ArrayList<>();
        for (SqlExpr.Path path : paths()) {
            values.add(path.names().get(path.names().size() - 1));
        }
        in.needWord("FOR");
        SqlExpr.Path names = column();
        String name = names.names().get(names.names().size() - 1);
        in.needWord("IN");
        in.need("(");
        List<List<SqlExpr.Path>> columns = new ArrayList<>();
        do {
            columns.add(paths());
            if (in.takeWord("AS")
                    || in.token().kind() == Kind.STRING
                    || in.token().kind() == Kind.INTEGER) {
                queries.exprs().expr();
            }
        } while (in.takeSymbol(","));
        in.need(")");
        in.need(")");
        return new SqlQuery.Unpivot(values, name, columns, keepsNulls, queries.alias());
    }

    private List<SqlExpr.Path> paths() throws Confused {
        List<SqlExpr.Path> paths = new ArrayList<>();
        if (in.takeSymbol("(")) {
            do {
                paths.add(column());
            } while (in.takeSymbol(","));
            in.need(")");
        } else {
            paths.add(column());
        }
        return paths;
    }

    private SqlExpr.Path column() throws Confused {
        int start = in.token().start();
        List<String> names = new ArrayList<>();
        do {
            SqlToken name = in.take();
            if (name.kind() != Kind.WORD && name.kind() != Kind.QUOTED) {
                throw new Confused(name);
            }
            names.add(in.name(name));
        } while (in.takeSymbol("."));
        return new SqlExpr.Path(names, start, in.lastEnd());
    }
}
