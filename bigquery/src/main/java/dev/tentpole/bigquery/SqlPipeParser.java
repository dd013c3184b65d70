package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlPipe.Items.Kind;
import dev.tentpole.bigquery.SqlQuery.Item;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the pipe syntax; a step that is not understood is skipped alone. */
final class SqlPipeParser {

    /** Pipes with more steps than this are not followed to their end. */
    private static final int MOST_STEPS = 1_000;

    private final SqlCursor in;
    private final SqlParser queries;
    private final SqlPipeSideParser sides;

    SqlPipeParser(SqlCursor in, SqlParser queries) {
        this.in = in;
        this.queries = queries;
        sides = new SqlPipeSideParser(in, queries, this);
    }

    SqlPipeSideParser sides() {
        return sides;
    }

    /** Whether a step ends here. */
    boolean ends() {
        return in.isSymbol("|>") || in.closes() || in.atEnd() || in.isSymbol(";");
    }

    List<SqlPipe> steps() {
        List<SqlPipe> steps = new ArrayList<>();
        while (in.takeSymbol("|>")) {
            int from = in.index();
            int depth = in.depth();
            int start = in.token().start();
            try {
                SqlPipe step = step();
                boolean tail = in.isWord("ASSERT_ROWS_MODIFIED") || in.isWord("THEN");
                boolean ends = ends() || (step instanceof SqlPipe.Write && tail);
                if (ends && steps.size() < MOST_STEPS) {
                    steps.add(step);
                    continue;
                }
            } catch (Confused e) {
                in.restoreDepth(depth);
            }
            in.moveTo(from);
            boolean last = steps.size() >= MOST_STEPS;
            while (!in.atEnd() && !in.closes() && !in.isSymbol(";") && (last || !in.isSymbol("|>"))) {
                if (in.opens()) {
                    in.skipGroup();
                } else {
                    in.take();
                }
            }
            steps.add(new SqlPipe.Unknown(
                    new SqlExpr.Unknown(in.looseNames(from, in.index()), start, Math.max(start, in.lastEnd()))));
        }
        return steps;
    }

    private SqlPipe step() throws Confused {
        SqlPipe side = sides.step();
        if (side != null) {
            return side;
        }
        if (in.isWord("JOIN") || in.isSymbol(",") || startsJoin()) {
            SqlQuery.Join join = queries.sources().join();
            if (join != null) {
                return new SqlPipe.Join(join);
            }
        }
        if (queries.startsSetOperation()) {
            return setOperation();
        }
        if (in.isWord("PIVOT") || in.isWord("UNPIVOT") || in.isWord("TABLESAMPLE")) {
            return new SqlPipe.Extras(queries.sources().extras());
        }
        if (in.takeWord("SELECT")) {
            return select();
        }
        if (in.takeWord("EXTEND") || in.takeWord("WINDOW")) {
            return items(Kind.EXTEND, false, SqlQuery.As.COLUMNS);
        }
        if (in.takeWord("SET")) {
            return new SqlPipe.Items(Kind.SET, false, SqlQuery.As.COLUMNS, assignments(), List.of());
        }
        if (in.takeWord("RENAME")) {
            return new SqlPipe.Items(
                    Kind.RENAME, false, SqlQuery.As.COLUMNS, queries.selects().items(), List.of());
        }
        if (in.takeWord("DROP")) {
            List<String> names = new ArrayList<>();
            do {
                if (ends()) {
                    break;
                }
                names.add(path());
            } while (in.takeSymbol(","));
            return new SqlPipe.Drop(names);
        }
        if (in.takeWord("AS")) {
            return new SqlPipe.As(in.name(in.take()));
        }
        if (in.takeWord("WHERE")) {
            return new SqlPipe.Where(queries.expr());
        }
        if (in.takeWord("AGGREGATE")) {
            return aggregate();
        }
        if (in.takeWords("ORDER", "BY")) {
            return new SqlPipe.Order(queries.orderKeys());
        }
        if (in.takeWord("LIMIT")) {
            return new SqlPipe.Limit(queries.limit());
        }
        if (in.takeWord("DISTINCT")) {
            return new SqlPipe.Distinct();
        }
        throw in.confused();
    }

    private SqlPipe select() throws Confused {
        if (in.isWord("WITH")
                && !in.isSymbol(1, "(")
                && !queries.selects().privacy().isEmpty()) {
            throw in.confused();
        }
        boolean distinct = in.takeWord("DISTINCT");
        if (!distinct) {
            in.takeWord("ALL");
        }
        return items(Kind.SELECT, distinct, queries.selects().as());
    }

    private SqlPipe items(Kind kind, boolean distinct, SqlQuery.As as) throws Confused {
        List<Item> items = queries.selects().items();
        List<SqlQuery.Window> windows =
                in.takeWord("WINDOW") ? queries.selects().windows() : List.of();
        return new SqlPipe.Items(kind, distinct, as, items, windows);
    }

    /** Reads the name of a column; that of a field is no name of any column. */
    private String path() {
        StringBuilder path = new StringBuilder(in.name(in.take()));
        while (in.takeSymbol(".")) {
            path.append('.').append(in.name(in.take()));
        }
        return path.toString();
    }

    private boolean startsJoin() {
        return in.isWord("NATURAL")
                || in.isWord("HASH")
                || in.isWord("LOOKUP")
                || in.isWord("LEFT")
                || in.isWord("RIGHT")
                || in.isWord("FULL")
                || in.isWord("INNER")
                || in.isWord("CROSS");
    }

    private List<Item> assignments() throws Confused {
        List<Item> items = new ArrayList<>();
        do {
            if (ends()) {
                break;
            }
            String name = path();
            in.need("=");
            items.add(Item.of(queries.exprs().expr(), name));
        } while (in.takeSymbol(","));
        return items;
    }

    private SqlPipe aggregate() throws Confused {
        List<Item> items = new ArrayList<>();
        List<Item> keys = new ArrayList<>();
        boolean totals = false;
        if (!in.isWord("GROUP")) {
            read(items);
        }
        if (in.isWord("GROUP")) {
            in.take();
            if (in.takeWord("AND")) {
                in.needWord("ORDER");
            }
            in.needWord("BY");
            totals = read(keys);
        }
        return new SqlPipe.Aggregate(items, keys, totals);
    }

    /** Reads items or keys; returns whether there are totals of several groups. */
    private boolean read(List<Item> items) throws Confused {
        boolean totals = false;
        do {
            if (in.isSymbol("|>") || in.closes() || in.atEnd() || in.isWord("GROUP")) {
                return totals;
            }
            if (in.isSymbol("(") && in.isSymbol(1, ")")) {
                // No key: all rows are one group.
                in.skipGroup();
                continue;
            }
            if (in.isWord("ROLLUP") || in.isWord("CUBE") || (in.isWord("GROUPING") && in.isWord(1, "SETS"))) {
                totals = true;
                queries.selects().grouping(false).keys().forEach(key -> items.add(named(key, null)));
                continue;
            }
            SqlExpr expr = queries.exprs().expr();
            if (in.isSymbol(".") && in.isSymbol(1, "*")) {
                items.add(queries.selects().star(expr));
                continue;
            }
            items.add(named(expr, queries.alias()));
            if (in.isWord("ASC") || in.isWord("DESC")) {
                in.take();
            }
            if (in.takeWord("NULLS")) {
                in.take();
            }
        } while (in.takeSymbol(","));
        return totals;
    }

    private static Item named(SqlExpr expr, @Nullable String alias) {
        String name = alias == null ? SqlPrimaryParser.nameOf(expr) : alias;
        return Item.of(expr, name.isEmpty() ? null : name);
    }

    private SqlPipe setOperation() throws Confused {
        List<SqlQuery> inputs = new ArrayList<>();
        SqlQuery.SetKind kind = queries.setKind();
        do {
            if (ends() && !inputs.isEmpty()) {
                break;
            }
            if (!in.isSymbol("(")) {
                throw in.confused();
            }
            inputs.add(queries.nested());
        } while (in.takeSymbol(","));
        return new SqlPipe.SetOperation(inputs, kind);
    }
}
