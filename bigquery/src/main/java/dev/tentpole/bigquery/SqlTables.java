package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks tables up: single ones, wildcards, and views with what they read. */
final class SqlTables {

    private static final int DEEPEST_VIEW = 16;

    private final Catalog catalog;
    private final SqlResolver resolver;
    private final SqlNotes notes;
    private final Map<String, @Nullable SqlRelation> views = new HashMap<>();
    private int viewDepth;
    private int viewStart;
    private int viewEnd;

    SqlTables(Catalog catalog, SqlResolver resolver, SqlNotes notes) {
        this.catalog = catalog;
        this.resolver = resolver;
        this.notes = notes;
    }

    /** Resolves a table that stands where only a table can. */
    SqlScope.Var resolve(String written, String alias, SqlQuery.Table source, SqlRelation relation) {
        String name = fullName(written);
        return resolve(name, alias, source.extras().percent(), source.start(), source.end(), relation);
    }

    /** Resolves a name that may be a table's; null if the catalog has none of that name. */
    SqlScope.@Nullable Var maybe(SqlQuery.Name name, SqlRelation relation) {
        String full = fullName(name.text());
        boolean known = full.endsWith("*") || catalog.table(full).isPresent();
        return known ? resolve(full, "", -1, name.start(), name.end(), relation) : null;
    }

    /** A legacy name may have a colon behind its project. */
    private String fullName(String written) {
        String name = written.startsWith(".") ? written.substring(1) : written;
        return catalog.fullName(name);
    }

    private SqlScope.Var resolve(String name, String alias, double percent, int start, int end, SqlRelation relation) {
        Optional<TableStats> found = catalog.table(name);
        if (found.isPresent() && found.get().kind() == TableStats.Kind.VIEW) {
            SqlRelation view = view(found.get(), start, end);
            if (view != null) {
                relation.inputs.add(view);
                return SqlScope.Var.of(alias, view.columns, view.open);
            }
        }
        boolean wildcard = name.endsWith("*");
        List<TableStats> tables = new ArrayList<>();
        if (wildcard) {
            String prefix = name.substring(0, name.length() - 1);
            for (TableStats table : catalog.withPrefix(prefix)) {
                boolean same = table.name().indexOf('.', prefix.length()) < 0;
                if (same && table.kind() == TableStats.Kind.TABLE) {
                    tables.add(table);
                }
            }
        } else if (found.isPresent() && found.get().kind() != TableStats.Kind.VIEW) {
            tables.add(found.get());
        }
        int from = viewDepth > 0 ? viewStart : start;
        int to = viewDepth > 0 ? viewEnd : end;
        SqlScan scan = new SqlScan(name, tables, wildcard ? name.length() - 1 : -1, percent, viewDepth > 0, from, to);
        relation.scans.add(scan);
        scan.relation = relation;
        notes.scan(scan);
        if (found.isPresent() && found.get().kind() == TableStats.Kind.MATERIALIZED_VIEW) {
            SqlRelation base = view(found.get(), start, end);
            if (base != null) {
                relation.maybe.add(base);
            }
        }
        List<SqlSlot> columns = new ArrayList<>();
        if (scan.schema != null) {
            for (TableLeaves.Node node : scan.schema.leaves().columns()) {
                SqlSlot slot = scan.column(node.field().name());
                if (slot != null) {
                    columns.add(slot);
                }
            }
        }
        SqlSlot open = scan.known() ? null : scan.anyColumn("*");
        SqlSlot value = open != null ? open : new SqlSlot.Row(alias, columns);
        return new SqlScope.Var(alias, columns, scan, value, open);
    }

    /** What a view reads; null if that cannot be told. */
    private @Nullable SqlRelation view(TableStats view, int start, int end) {
        if (views.containsKey(view.name())) {
            return views.get(view.name());
        }
        if (view.viewSql().isEmpty() || viewDepth >= DEEPEST_VIEW) {
            return null;
        }
        // A view that refers to itself finds nothing here.
        views.put(view.name(), null);
        if (viewDepth == 0) {
            viewStart = start;
            viewEnd = end;
        }
        viewDepth++;
        SqlQuery query = SqlStatementParser.query(view.viewSql().get());
        SqlRelation relation = resolver.query(query, SqlScope.root());
        viewDepth--;
        views.put(view.name(), relation);
        notes.view(view, start, end);
        return relation;
    }

    boolean inView() {
        return viewDepth > 0;
    }
}
