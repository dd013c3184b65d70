package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlQuery.Grouping;
import dev.tentpole.bigquery.SqlQuery.Item;
import dev.tentpole.bigquery.SqlQuery.Window;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one {@code SELECT} with its clauses, some of which the pipe syntax has too. */
final class SqlSelectParser {

    private final SqlCursor in;
    private final SqlParser queries;

    SqlSelectParser(SqlCursor in, SqlParser queries) {
        this.in = in;
        this.queries = queries;
    }

    SqlQuery.Select select() throws Confused {
        int start = in.token().start();
        in.needWord("SELECT");
        List<SqlExpr> unit = in.isWord("WITH") && !in.isSymbol(1, "(") ? privacy() : List.of();
        boolean distinct = in.takeWord("DISTINCT");
        if (!distinct) {
            in.takeWord("ALL");
        }
        SqlQuery.As as = as();
        List<Item> items = items();
        SqlQuery.From from = in.takeWord("FROM") ? queries.sources().from() : null;
        SqlExpr where = in.takeWord("WHERE") ? queries.expr() : null;
        Grouping grouping = in.takeWords("GROUP", "BY") ? grouping() : Grouping.NONE;
        if (!unit.isEmpty()) {
            List<SqlExpr> keys = new ArrayList<>(grouping.keys());
            keys.addAll(unit);
            grouping = new Grouping(keys, grouping.all(), grouping.present(), grouping.totals());
        }
        SqlExpr having = in.takeWord("HAVING") ? queries.expr() : null;
        SqlExpr qualify = in.takeWord("QUALIFY") ? queries.expr() : null;
        List<Window> windows = in.takeWord("WINDOW") ? windows() : List.of();
        return new SqlQuery.Select(
                distinct, as, items, from, where, grouping, having, qualify, windows, start, in.lastEnd());
    }

    /** Reads what a row is. */
    SqlQuery.As as() throws Confused {
        if (!in.takeWord("AS")) {
            return SqlQuery.As.COLUMNS;
        }
        if (in.takeWord("VALUE")) {
            return SqlQuery.As.VALUE;
        }
        if (!in.takeWord("STRUCT")) {
            queries.sources().path();
        }
        return SqlQuery.As.STRUCT;
    }

    /** Reads a kind of privacy with its options; returns those that are columns. */
    List<SqlExpr> privacy() throws Confused {
        in.needWord("WITH");
        in.take();
        List<SqlExpr> columns = new ArrayList<>();
        if (in.isWord("OPTIONS") && in.isSymbol(1, "(")) {
            in.take();
            in.need("(");
            while (!in.isSymbol(")")) {
                boolean unit = in.isWord("PRIVACY_UNIT_COLUMN");
                queries.sources().path();
                if (!in.takeSymbol("+=") && !in.takeSymbol("-=")) {
                    in.need("=");
                }
                SqlExpr value = queries.exprs().expr();
                if (unit || !(value instanceof SqlExpr.Path || value instanceof SqlExpr.Literal)) {
                    columns.add(value);
                }
                if (!in.takeSymbol(",")) {
                    break;
                }
            }
            in.need(")");
        }
        return columns;
    }

    /** Reads named windows. */
    List<Window> windows() throws Confused {
        List<Window> windows = new ArrayList<>();
        do {
            if (queries.pipes().ends() && !windows.isEmpty()) {
                break;
            }
            SqlToken name = in.take();
            in.needWord("AS");
            if (in.isSymbol("(")) {
                windows.add(new Window(in.name(name), new SqlCallParser(in, queries.exprs(), queries).windowParts()));
            } else {
                SqlToken other = in.take();
                windows.add(new Window(
                        in.name(name), List.of(new SqlExpr.WindowName(in.name(other), other.start(), other.end()))));
            }
        } while (in.takeSymbol(","));
        return windows;
    }

    /** Reads what stands behind {@code GROUP BY}. */
    Grouping grouping() throws Confused {
        if (in.takeWord("ALL")) {
            return new Grouping(List.of(), true, true, false);
        }
        return grouping(true);
    }

    /** Reads keys, several of them if there may be {@code more}. */
    Grouping grouping(boolean more) throws Confused {
        List<SqlExpr> keys = new ArrayList<>();
        boolean totals = false;
        do {
            if (in.isWord("ROLLUP") || in.isWord("CUBE") || (in.isWord("GROUPING") && in.isWord(1, "SETS"))) {
                totals = true;
                in.take();
                in.takeWord("SETS");
                sets(keys);
            } else if (in.isSymbol("(") && in.isSymbol(1, ")")) {
                in.skipGroup();
            } else {
                keys.add(queries.expr());
            }
        } while (more && in.takeSymbol(","));
        return new Grouping(keys, false, true, totals);
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
                SqlExpr key = queries.exprs().expr();
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
        return in.isWord("FROM")
                || in.isWord("WINDOW")
                || in.closes()
                || in.atEnd()
                || in.isSymbol(";")
                || in.isSymbol("|>");
    }

    private Item item() throws Confused {
        int start = in.token().start();
        if (in.takeSymbol("*")) {
            return star(null, start);
        }
        SqlExpr expr = queries.expr();
        if (in.isSymbol(".") && in.isSymbol(1, "*")) {
            return star(expr);
        }
        String alias = queries.alias();
        if (alias == null && !(expr instanceof SqlExpr.Unknown)) {
            String name = SqlPrimaryParser.nameOf(expr);
            alias = name.isEmpty() ? null : name;
        }
        return Item.of(expr, alias);
    }

    /** Reads a star behind an expression and a dot. */
    Item star(SqlExpr of) throws Confused {
        in.need(".");
        in.need("*");
        return star(of, of.start());
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
                SqlExpr value = queries.exprs().expr();
                in.takeWord("AS");
                replace.add(Item.of(value, in.name(in.take())));
            } while (in.takeSymbol(","));
            in.need(")");
        }
        return new Item(of, null, true, except, replace, start, in.lastEnd());
    }
}
