package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlQuery.Extras;
import dev.tentpole.bigquery.SqlQuery.From;
import dev.tentpole.bigquery.SqlQuery.Item;
import dev.tentpole.bigquery.SqlQuery.Join;
import dev.tentpole.bigquery.SqlQuery.JoinKind;
import dev.tentpole.bigquery.SqlQuery.Source;
import dev.tentpole.bigquery.SqlStatement.Control;
import dev.tentpole.bigquery.SqlStatement.Target;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads statements that change rows, also those that change the elements of an array within another one. */
final class SqlDmlParser {

    private final SqlCursor in;
    private final SqlParser queries;

    SqlDmlParser(SqlCursor in, SqlParser queries) {
        this.in = in;
        this.queries = queries;
    }

    /** Reads the name of a table; {@code read} is whether all of it is billed. */
    Target target(boolean read) throws Confused {
        int start = in.token().start();
        List<String> path = queries.sources().path();
        int end = in.lastEnd();
        within();
        return new Target(path, read, start, end);
    }

    /** Takes what leads further into a column. */
    private void within() throws Confused {
        while (in.isSymbol("[") || in.isSymbol(".")) {
            boolean dot = in.takeSymbol(".");
            if (in.opens()) {
                in.skipGroup();
            } else if (dot) {
                in.take();
            } else {
                throw in.confused();
            }
        }
    }

    SqlStatement insert(int start) throws Confused {
        Target target = into();
        boolean values = in.isWord("VALUES");
        SqlQuery query = null;
        List<SqlExpr> exprs = List.of();
        if (values) {
            exprs = rows();
        } else {
            query = queries.query();
        }
        if (tail(null)) {
            // What it finds in the table is not known.
            target = new Target(target.path(), true, target.start(), target.end());
        }
        return new SqlStatement("INSERT", query, target, exprs, Control.NONE, false, start, in.lastEnd());
    }

    /** Reads the beginning of an {@code INSERT} up to the names of its columns. */
    Target into() throws Confused {
        in.needWord("INSERT");
        if (in.takeWord("OR") || isMode()) {
            in.take();
        }
        in.takeWord("INTO");
        Target target = target(false);
        boolean query = in.isWord(1, "SELECT") || in.isWord(1, "WITH") || in.isWord(1, "FROM") || in.isSymbol(1, "(");
        if (in.isSymbol("(") && !query) {
            in.skipGroup();
        }
        return target;
    }

    private boolean isMode() {
        boolean name = in.peek(1).kind() == Kind.QUOTED || in.peek(1).kind() == Kind.WORD;
        if (in.isWord(1, "VALUES") && in.isSymbol(2, "(")) {
            // The table may have that name.
            name = in.isWord(in.closing(in.index() + 2) + 1 - in.index(), "VALUES");
        }
        return in.isWord("IGNORE") || ((in.isWord("REPLACE") || in.isWord("UPDATE")) && name);
    }

    private List<SqlExpr> rows() throws Confused {
        List<SqlExpr> values = new ArrayList<>();
        in.needWord("VALUES");
        do {
            in.need("(");
            do {
                if (!in.takeWord("DEFAULT")) {
                    values.add(queries.expr());
                }
            } while (in.takeSymbol(","));
            in.need(")");
        } while (in.takeSymbol(","));
        return values;
    }

    /**
     * Reads what may stand at the end: what is done about rows that are there already, and what is returned, which is added
     * to the items. Returns whether that may read more than is known here.
     */
    boolean tail(@Nullable List<Item> items) throws Confused {
        boolean reads = false;
        if (in.takeWords("ON", "CONFLICT")) {
            if (in.takeWord("ON")) {
                in.needWord("UNIQUE");
                in.needWord("CONSTRAINT");
                in.take();
            } else if (in.opens()) {
                in.skipGroup();
            }
            in.needWord("DO");
            if (!in.takeWord("NOTHING")) {
                in.needWord("UPDATE");
                in.needWord("SET");
                assignments(new ArrayList<>());
                if (in.takeWord("WHERE")) {
                    queries.expr();
                }
            }
            reads = true;
        }
        if (in.takeWord("ASSERT_ROWS_MODIFIED")) {
            queries.exprs().expr();
        }
        if (in.takeWords("THEN", "RETURN")) {
            if (in.takeWords("WITH", "ACTION") && in.isWord("AS")) {
                queries.alias();
            }
            List<Item> returned = queries.selects().items();
            if (items != null) {
                items.addAll(returned);
            }
            reads |= items == null && returned.stream().anyMatch(SqlDmlParser::mayRead);
        }
        return reads;
    }

    private static boolean mayRead(Item item) {
        return item.expr() != null
                && SqlTrees.any(item.expr(), part -> part instanceof SqlExpr.Sub || part instanceof SqlExpr.Unknown);
    }

    SqlStatement update(int start) throws Confused {
        in.take();
        Target target = target(true);
        String alias = in.isWord("SET") ? null : queries.alias();
        offset();
        in.needWord("SET");
        List<Item> items = new ArrayList<>();
        assignments(items);
        List<Join> joins = new ArrayList<>();
        if (in.takeWord("FROM")) {
            From from = queries.sources().from();
            joins.add(Join.of(JoinKind.INNER, new SqlQuery.Group(from, Extras.NONE), null, start, in.lastEnd()));
        }
        SqlExpr where = in.takeWord("WHERE") ? queries.expr() : null;
        tail(items);
        return changes("UPDATE", target, alias, joins, items, where, start);
    }

    private @Nullable String offset() throws Confused {
        if (!in.takeWords("WITH", "OFFSET")) {
            return null;
        }
        String alias = queries.alias();
        return alias == null ? "offset" : alias;
    }

    private void assignments(List<Item> items) throws Confused {
        do {
            assignment(items);
        } while (in.takeSymbol(","));
    }

    private void assignment(List<Item> items) throws Confused {
        if (in.isSymbol("(")) {
            in.enter();
            in.need("(");
            nested(items);
            in.need(")");
            in.leave();
            return;
        }
        in.take();
        within();
        in.need("=");
        if (!in.takeWord("DEFAULT")) {
            items.add(Item.of(queries.exprs().expr(), null));
        }
    }

    /** Reads a statement that changes the elements of an array; it is as a query of them. */
    private void nested(List<Item> items) throws Confused {
        int start = in.token().start();
        if (in.isWord("INSERT")) {
            into();
            if (in.isWord("VALUES")) {
                rows().forEach(value -> items.add(Item.of(value, null)));
            } else {
                SqlQuery query = queries.query();
                items.add(Item.of(new SqlExpr.Sub(SqlExpr.Sub.Kind.ARRAY, query, start, in.lastEnd()), null));
            }
            tail(items);
            return;
        }
        boolean update = in.takeWord("UPDATE");
        if (!update) {
            in.needWord("DELETE");
            in.takeWord("FROM");
        }
        SqlExpr array = queries.exprs().operand();
        String alias = in.isWord("SET") ? null : queries.alias();
        String offset = offset();
        List<Item> values = new ArrayList<>();
        if (update) {
            in.needWord("SET");
            assignments(values);
        }
        SqlExpr where = in.takeWord("WHERE") ? queries.expr() : null;
        tail(values);
        String name = alias == null ? SqlPrimaryParser.nameOf(array) : alias;
        Source elements = new SqlQuery.Unnest(array, name, offset, Extras.NONE, array.start(), array.end());
        SqlQuery query =
                SqlQuery.of(SqlQuery.Select.of(values, new From(elements, List.of()), where, start, in.lastEnd()));
        items.add(Item.of(new SqlExpr.Sub(SqlExpr.Sub.Kind.ARRAY, query, start, in.lastEnd()), null));
    }

    SqlStatement delete(int start) throws Confused {
        in.take();
        in.takeWord("FROM");
        Target target = target(true);
        String alias = queries.alias();
        offset();
        SqlExpr where = in.takeWord("WHERE") ? queries.expr() : null;
        List<Item> items = new ArrayList<>();
        tail(items);
        return changes("DELETE", target, alias, List.of(), items, where, start);
    }

    /** What a statement reads to change rows, as a query over its table and what it is joined to. */
    private SqlStatement changes(
            String kind,
            Target target,
            @Nullable String alias,
            List<Join> joins,
            List<Item> items,
            @Nullable SqlExpr where,
            int start) {
        Source table = new SqlQuery.Table(target.path(), alias, null, false, Extras.NONE, target.start(), target.end());
        SqlQuery query = SqlQuery.of(SqlQuery.Select.of(items, new From(table, joins), where, start, in.lastEnd()));
        return new SqlStatement(kind, query, target, List.of(), Control.NONE, false, start, in.lastEnd());
    }

    SqlStatement merge(int start) throws Confused {
        in.take();
        in.takeWord("INTO");
        Target named = target(true);
        String alias = in.isWord("USING") ? null : queries.alias();
        in.needWord("USING");
        From source = queries.sources().from();
        in.needWord("ON");
        SqlExpr on = queries.exprs().expr();
        int conditionEnd = in.lastEnd();
        List<Item> items = new ArrayList<>();
        boolean changes = false;
        while (in.takeWord("WHEN")) {
            in.takeWord("NOT");
            in.needWord("MATCHED");
            if (in.takeWord("BY")) {
                in.take();
            }
            if (in.takeWord("AND")) {
                items.add(Item.of(queries.exprs().expr(), null));
            }
            in.needWord("THEN");
            changes |= !in.isWord("INSERT");
            action(items);
        }
        Join join = Join.of(JoinKind.FULL, new SqlQuery.Group(source, Extras.NONE), on, start, conditionEnd);
        Target target = new Target(named.path(), changes, named.start(), named.end());
        tail(items);
        return changes("MERGE", target, alias, List.of(join), items, null, start);
    }

    private void action(List<Item> items) throws Confused {
        if (in.takeWord("DELETE")) {
            return;
        }
        if (in.takeWord("UPDATE")) {
            in.needWord("SET");
            assignments(items);
            return;
        }
        in.needWord("INSERT");
        if (in.takeWord("ROW")) {
            items.add(Item.all(in.lastEnd()));
            return;
        }
        if (in.isSymbol("(")) {
            in.skipGroup();
        }
        if (in.takeWord("ROW")) {
            items.add(Item.all(in.lastEnd()));
            return;
        }
        in.needWord("VALUES");
        in.need("(");
        do {
            if (!in.takeWord("DEFAULT")) {
                items.add(Item.of(queries.expr(), null));
            }
        } while (in.takeSymbol(","));
        in.need(")");
    }
}
