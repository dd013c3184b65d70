package dev.tentpole.bigquery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks tables up: single ones, wildcards, and views with what they read. */
final class SqlTables {

    /** Stands before the names of temporary tables in place of a dataset, and may be left out. */
    static final String SESSION = "_SESSION";

    private static final int DEEPEST_VIEW = 16;

    private final Catalog catalog;
    private final Catalog ofViews;
    private final SqlResolver resolver;
    private final SqlNotes notes;
    private final NavigableSet<String> written;
    private final SqlScript script;
    private final Map<String, @Nullable SqlRelation> views = new HashMap<>();
    private int viewDepth;
    private int viewStart;
    private int viewEnd;

    SqlTables(
            Catalog catalog,
            Catalog ofViews,
            SqlResolver resolver,
            SqlNotes notes,
            NavigableSet<String> written,
            SqlScript script) {
        this.catalog = catalog;
        this.ofViews = ofViews;
        this.resolver = resolver;
        this.script = script;
        this.notes = notes;
        this.written = written;
    }

    /** Resolves a table that stands where only a table can. */
    SqlScope.Var resolve(String written, String alias, SqlQuery.Table source, SqlRelation relation) {
        String name = fullName(written);
        SqlScope.Var var = resolve(name, alias, source.extras().percent(), source.start(), source.end(), relation);
        if (var.scan != null) {
            var.scan.past = source.past();
        }
        return var;
    }

    /** Resolves a name that may be a table's; null if the catalog has none of that name. */
    SqlScope.@Nullable Var maybe(SqlQuery.Name name, SqlRelation relation) {
        String full = fullName(name.text());
        boolean known = full.endsWith("*") || catalog.table(full).isPresent();
        return known ? resolve(full, "", -1, name.start(), name.end(), relation) : null;
    }

    private String fullName(String name) {
        String plain = name.startsWith(".") ? name.substring(1) : name;
        // What a script sets, and its temporary tables, are not for views.
        return viewDepth > 0 ? ofViews.fullName(plain) : fullName(plain, catalog, written);
    }

    /** The name of a table with all its parts; a name alone is a temporary table's if there is one. */
    static String fullName(String name, Catalog catalog, Set<String> written) {
        boolean session = name.regionMatches(true, 0, SESSION + ".", 0, SESSION.length() + 1);
        String temporary = SESSION + "." + (session ? name.substring(SESSION.length() + 1) : name);
        return session || written.contains(temporary) ? temporary : catalog.fullName(name);
    }

    private SqlScope.Var resolve(String name, String alias, double percent, int start, int end, SqlRelation relation) {
        Optional<TableStats> found = written.contains(name) ? Optional.empty() : catalog.table(name);
        if (found.isPresent() && found.get().kind() == TableStats.Kind.VIEW) {
            SqlRelation view = view(found.get(), start, end);
            if (view != null) {
                relation.inputs.add(view);
                return SqlScope.Var.of(alias, view.columns, view.open);
            }
        }
        boolean wildcard = name.endsWith("*");
        SqlScript.Members tables = script.members();
        if (wildcard) {
            String prefix = name.substring(0, name.length() - 1);
            Optional<String> changed = changed(prefix);
            tables = script.members(prefix, catalog, written, changed.isPresent());
            changed.ifPresent(table -> resolve(table, "", -1, start, end, relation));
        } else if (found.isPresent() && found.get().kind() != TableStats.Kind.VIEW) {
            tables = SqlScript.Members.of(found.get());
        }
        int from = viewDepth > 0 ? viewStart : start;
        int to = viewDepth > 0 ? viewEnd : end;
        SqlScan scan = new SqlScan(name, tables, wildcard ? name.length() - 1 : -1, percent, viewDepth > 0, from, to);
        scan.place = relation.scans.size();
        relation.scans.add(scan);
        scan.relation = relation;
        notes.scan(scan);
        if (found.isPresent() && found.get().kind() == TableStats.Kind.MATERIALIZED_VIEW) {
            SqlRelation base = view(found.get(), start, end);
            if (base != null) {
                relation.maybe.add(base);
            }
        }
        List<SqlSlot> columns = scan.columns();
        SqlSlot open = scan.known() ? null : scan.anyColumn("*");
        SqlSlot value = open != null ? open : new SqlSlot.Row(alias, columns);
        return new SqlScope.Var(alias, columns, scan, value, open);
    }

    /** A table of a wildcard that statements before have changed or made, and that is read too. */
    private Optional<String> changed(String prefix) {
        for (String table : written.tailSet(prefix)) {
            if (!table.startsWith(prefix)) {
                break;
            }
            if (table.indexOf('.', prefix.length()) < 0 && !table.endsWith("*")) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }

    /** What a view reads; null if that cannot be told. */
    private @Nullable SqlRelation view(TableStats view, int start, int end) {
        if (views.containsKey(view.name())) {
            return views.get(view.name());
        }
        if (view.viewSql().isEmpty() || viewDepth >= DEEPEST_VIEW) {
            return null;
        }
        SqlScript.View read = script.view(view.name(), view.viewSql().get(), notes.nextRegion());
        if (read == null) {
            return null;
        }
        // A view that refers to itself finds nothing here.
        views.put(view.name(), null);
        if (viewDepth == 0) {
            viewStart = start;
            viewEnd = end;
        }
        viewDepth++;
        resolver.budget().spend(read.length() >> 4);
        notes.region(read.place(), read.place() + read.length(), start, end);
        SqlRelation relation = resolver.query(read.query(), SqlScope.root());
        viewDepth--;
        views.put(view.name(), relation);
        notes.view(view, start, end);
        return relation;
    }

    boolean inView() {
        return viewDepth > 0;
    }
}
