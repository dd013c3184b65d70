package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlPipe.Items.Kind;
import dev.tentpole.bigquery.SqlQuery.Item;
import java.util.ArrayList;
import java.util.List;

/** Reads the pipe syntax; a step that is not understood is skipped alone. */
final class SqlPipeParser {

    /** Pipes with more steps than this are not followed to their end. */
    private static final int MOST_STEPS = 1_000;

    private final SqlCursor in;
    private final SqlParser queries;

    SqlPipeParser(SqlCursor in, SqlParser queries) {
        this.in = in;
        this.queries = queries;
    }

    List<SqlPipe> steps() {
        List<SqlPipe> steps = new ArrayList<>();
        while (in.takeSymbol("|>")) {
            int from = in.index();
            int depth = in.depth();
            int start = in.token().start();
            try {
                SqlPipe step = step();
                boolean ends = in.isSymbol("|>") || in.closes() || in.atEnd() || in.isSymbol(";");
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
                    new SqlExpr.Unknown(in.names(from, in.index()), start, Math.max(start, in.lastEnd()))));
        }
        return steps;
    }

    private SqlPipe step() throws Confused {
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
            boolean distinct = in.takeWord("DISTINCT");
            if (!distinct) {
                in.takeWord("ALL");
            }
            List<Item> items = queries.items();
            List<SqlQuery.Window> windows = in.takeWord("WINDOW") ? queries.windows() : List.of();
            return new SqlPipe.Items(Kind.SELECT, distinct, items, windows);
        }
        if (in.takeWord("EXTEND")) {
            List<Item> items = queries.items();
            List<SqlQuery.Window> windows = in.takeWord("WINDOW") ? queries.windows() : List.of();
            return new SqlPipe.Items(Kind.EXTEND, false, items, windows);
        }
        if (in.takeWord("SET")) {
            return new SqlPipe.Items(Kind.SET, false, assignments(), List.of());
        }
        if (in.takeWord("RENAME")) {
            return new SqlPipe.Items(Kind.RENAME, false, queries.items(), List.of());
        }
        if (in.takeWord("DROP")) {
            List<String> names = new ArrayList<>();
            do {
                names.add(in.name(in.take()));
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

    private boolean startsJoin() {
        return in.isWord("LEFT") || in.isWord("RIGHT") || in.isWord("FULL") || in.isWord("INNER") || in.isWord("CROSS");
    }

    private List<Item> assignments() throws Confused {
        List<Item> items = new ArrayList<>();
        do {
            String name = in.name(in.take());
            in.need("=");
            items.add(Item.of(queries.exprs().expr(), name));
        } while (in.takeSymbol(","));
        return items;
    }

    private SqlPipe aggregate() throws Confused {
        List<Item> items = new ArrayList<>();
        List<Item> keys = new ArrayList<>();
        if (!in.isWord("GROUP")) {
            read(items);
        }
        if (in.isWord("GROUP")) {
            in.take();
            if (in.takeWord("AND")) {
                in.needWord("ORDER");
            }
            in.needWord("BY");
            read(keys);
        }
        return new SqlPipe.Aggregate(items, keys);
    }

    private void read(List<Item> items) throws Confused {
        do {
            if (in.isSymbol("|>") || in.closes() || in.atEnd() || in.isWord("GROUP")) {
                return;
            }
            if (in.isSymbol("(") && in.isSymbol(1, ")")) {
                // No key: all rows are one group.
                in.skipGroup();
                continue;
            }
            SqlExpr expr = queries.exprs().expr();
            String alias = queries.alias();
            if (alias == null) {
                String name = SqlPrimaryParser.nameOf(expr);
                alias = name.isEmpty() ? null : name;
            }
            items.add(Item.of(expr, alias));
            if (in.isWord("ASC") || in.isWord("DESC")) {
                in.take();
                if (in.takeWord("NULLS")) {
                    in.take();
                }
            }
        } while (in.takeSymbol(","));
    }

    private SqlPipe setOperation() throws Confused {
        List<SqlQuery> inputs = new ArrayList<>();
        SqlParser.SetKind kind = queries.setKind();
        do {
            if (!in.isSymbol("(")) {
                throw in.confused();
            }
            inputs.add(queries.nested());
        } while (in.takeSymbol(","));
        return new SqlPipe.SetOperation(inputs, kind.all(), kind.byName());
    }
}
