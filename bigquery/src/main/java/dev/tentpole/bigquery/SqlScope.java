package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names that an expression can use. */
final class SqlScope {

    /** What a name stands for: a column, and which field of it. A slot of null is a constant. */
    record Found(@Nullable SqlSlot slot, List<String> rest) {}

    private static final Found CONSTANT = new Found(null, List.of());

    /** A source of rows with a name. */
    static final class Var {
        final String alias;
        final List<SqlSlot> columns;
        final @Nullable SqlScan scan;
        /** What the name alone stands for. */
        final SqlSlot value;
        /** Takes names that nothing else has; null if every name is known. */
        final @Nullable SqlSlot open;

        private final Map<String, SqlSlot> byName = new HashMap<>();

        Var(String alias, List<SqlSlot> columns, @Nullable SqlScan scan, SqlSlot value, @Nullable SqlSlot open) {
            this.alias = alias;
            this.columns = columns;
            this.scan = scan;
            this.value = value;
            this.open = open;
        }

        static Var of(String alias, List<SqlSlot> columns, @Nullable SqlSlot open) {
            return new Var(alias, columns, null, new SqlSlot.Row(alias, columns), open);
        }

        /** The names of its columns and pseudo columns in small letters. */
        List<String> names() {
            if (scan != null) {
                return scan.names();
            }
            List<String> names = new ArrayList<>(columns.size());
            for (SqlSlot column : columns) {
                names.add(SqlText.lower(column.name));
            }
            return names;
        }

        @Nullable
        SqlSlot column(String name) {
            if (scan != null) {
                return scan.column(name);
            }
            if (byName.isEmpty()) {
                for (SqlSlot slot : columns) {
                    byName.putIfAbsent(SqlText.lower(slot.name), slot);
                }
            }
            return byName.get(SqlText.lower(name));
        }
    }

    final @Nullable SqlScope parent;
    private final List<Var> vars;
    private final int visible;
    private final Map<String, SqlSlot> aliases;
    /** Names of constants in small letters. */
    private final Set<String> constants;

    private final Map<String, Found> memo = new HashMap<>();
    /** Scopes within expressions, by what they belong to. */
    private final IdentityHashMap<SqlExpr, SqlScope> bodies = new IdentityHashMap<>(0);

    final Map<String, List<SqlExpr>> windows;
    private final Map<String, Integer> demandedWindows = new HashMap<>();
    final SqlCtes ctes;
    private @Nullable SqlRelation owner;

    private SqlScope(
            @Nullable SqlScope parent,
            List<Var> vars,
            Map<String, SqlSlot> aliases,
            Set<String> constants,
            Map<String, List<SqlExpr>> windows,
            SqlCtes ctes) {
        this.parent = parent;
        this.vars = vars;
        this.visible = vars.size();
        this.aliases = aliases;
        this.constants = constants;
        this.windows = windows;
        this.ctes = ctes;
    }

    static SqlScope root() {
        return new SqlScope(null, List.of(), Map.of(), Set.of(), Map.of(), SqlCtes.NONE);
    }

    SqlScope with(SqlCtes newCtes) {
        return new SqlScope(this, List.of(), Map.of(), Set.of(), Map.of(), newCtes);
    }

    /** A scope inside of this one with the sources that the list has now; it may grow later. */
    SqlScope inner(List<Var> sources) {
        return new SqlScope(this, sources, Map.of(), Set.of(), Map.of(), ctes);
    }

    SqlScope inner(List<Var> sources, Map<String, List<SqlExpr>> newWindows) {
        return new SqlScope(this, sources, Map.of(), Set.of(), newWindows, ctes);
    }

    /** A scope inside of this one in which the names of select items come first. */
    SqlScope withAliases(List<SqlSlot> items) {
        Map<String, SqlSlot> names = new HashMap<>();
        for (SqlSlot item : items) {
            names.putIfAbsent(SqlText.lower(item.name), item);
        }
        names.remove("");
        return new SqlScope(this, List.of(), names, Set.of(), windows, ctes);
    }

    /**
     * A scope inside of this one in which names are constants: parameters of functions, variables of scripts.
     *
     * @param lowerNames the names in small letters; shared and not copied, since a script may have many of them
     */
    SqlScope withConstants(Set<String> lowerNames) {
        return new SqlScope(this, List.of(), Map.of(), lowerNames, windows, ctes);
    }

    /** The scope of the body of a {@code WITH} expression; the same one for the same expression. */
    SqlScope variables(SqlExpr.With with, SqlBudget budget) {
        SqlScope known = bodies.get(with);
        if (known != null) {
            return known;
        }
        SqlVars variables = new SqlVars(budget);
        for (int i = 0; i < with.names().size(); i++) {
            String name = with.names().get(i);
            // Each value sees the variables that are there when its scope is made.
            SqlSlot value = new SqlSlot.Computed(name, with.values().get(i), inner(variables));
            variables.add(new Var(name, List.of(), null, value, null));
        }
        SqlScope body = inner(variables);
        bodies.put(with, body);
        return body;
    }

    /** The scope of the body of a function without name; the same one for the same function. */
    SqlScope parameters(SqlExpr.Lambda lambda) {
        return bodies.computeIfAbsent(
                lambda,
                key -> withConstants(
                        lambda.parameters().stream().map(SqlText::lower).collect(Collectors.toUnmodifiableSet())));
    }

    /** Says whose expressions are read here. */
    SqlScope ownedBy(SqlRelation relation) {
        owner = relation;
        return this;
    }

    /** The relation whose expressions are read here; null at the top. */
    @Nullable
    SqlRelation owner() {
        SqlScope scope = this;
        while (scope.owner == null && scope.parent != null) {
            scope = scope.parent;
        }
        return scope.owner;
    }

    /** The sources of this level. */
    List<Var> sources() {
        return vars.subList(0, visible);
    }

    /** The sources of the next level outside of this one that has any. */
    List<Var> grouped() {
        SqlScope scope = parent;
        while (scope != null && scope.sources().isEmpty()) {
            scope = scope.parent;
        }
        return scope == null ? List.of() : scope.sources();
    }

    /** What a path stands for; null if nothing has its name. */
    @Nullable
    Found find(List<String> path) {
        List<String> rest = path.subList(1, path.size());
        for (SqlScope scope = this; scope != null; scope = scope.parent) {
            Found found = scope.local(path.get(0));
            if (found != null) {
                return found.slot() == null ? found : new Found(found.slot(), rest);
            }
        }
        for (SqlScope scope = this; scope != null; scope = scope.parent) {
            Var var = scope.open();
            if (var != null && var.open != null) {
                return new Found(var.scan != null ? var.scan.anyColumn(path.get(0)) : var.open, rest);
            }
        }
        return null;
    }

    private @Nullable Found local(String name) {
        String key = SqlText.lower(name);
        Found known = memo.get(key);
        if (known != null) {
            return known;
        }
        if (constants.contains(key)) {
            return CONSTANT;
        }
        SqlSlot slot = aliases.get(key);
        if (slot == null) {
            Var var = named(name);
            slot = var == null ? null : var.value;
        }
        if (slot == null) {
            slot = column(name, key);
        }
        if (slot == null) {
            return null;
        }
        Found found = new Found(slot, List.of());
        memo.put(key, found);
        return found;
    }

    /** The source of that name at this level. */
    private @Nullable Var named(String alias) {
        if (vars instanceof SqlVars many && many.isLarge()) {
            int place = many.lastAlias(SqlText.lower(alias), visible);
            return place < 0 ? null : vars.get(place);
        }
        for (int i = visible - 1; i >= 0; i--) {
            if (vars.get(i).alias.equalsIgnoreCase(alias)) {
                return vars.get(i);
            }
        }
        return null;
    }

    /** The column or pseudo column of that name at this level, of the last source that has it. */
    private @Nullable SqlSlot column(String name, String key) {
        if (vars instanceof SqlVars many && many.isLarge()) {
            int place = many.lastColumn(key, visible);
            Var var = place < 0 ? null : vars.get(place);
            SqlSlot slot = var == null ? null : var.column(name);
            return slot != null || var == null || var.scan == null ? slot : var.scan.pseudo(name);
        }
        for (int i = visible - 1; i >= 0; i--) {
            SqlSlot slot = vars.get(i).column(name);
            if (slot != null) {
                return slot;
            }
        }
        for (int i = visible - 1; i >= 0 && name.startsWith("_"); i--) {
            SqlScan scan = vars.get(i).scan;
            SqlSlot slot = scan == null ? null : scan.pseudo(name);
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    /** The first source of this level that takes any name. */
    private @Nullable Var open() {
        if (vars instanceof SqlVars many && many.isLarge()) {
            int place = many.firstOpen();
            return place < 0 || place >= visible ? null : vars.get(place);
        }
        for (int i = 0; i < visible; i++) {
            if (vars.get(i).open != null) {
                return vars.get(i);
            }
        }
        return null;
    }

    /** The source of that name, at this level or outside of it; null if there is none. */
    @Nullable
    Var var(String alias) {
        for (SqlScope scope = this; scope != null; scope = scope.parent) {
            Var var = scope.named(alias);
            if (var != null) {
                return var;
            }
        }
        return null;
    }

    /** Whether a source or a column has that name, at this level or outside of it; those that take any name aside. */
    boolean isSource(String name) {
        String key = SqlText.lower(name);
        for (SqlScope scope = this; scope != null; scope = scope.parent) {
            if (scope.named(name) != null || scope.column(name, key) != null) {
                return true;
            }
        }
        return false;
    }

    /** Notes that a window is needed; returns the part of the mask that is news. */
    int demandWindow(String name, int mask) {
        for (SqlScope scope = this; scope != null; scope = scope.parent) {
            if (scope.windows.containsKey(SqlText.lower(name))) {
                int before = scope.demandedWindows.getOrDefault(SqlText.lower(name), 0);
                scope.demandedWindows.put(SqlText.lower(name), before | mask);
                return mask & ~before;
            }
        }
        return 0;
    }

    /** The parts of a named window; empty if there is none. */
    List<SqlExpr> window(String name) {
        for (SqlScope scope = this; scope != null; scope = scope.parent) {
            List<SqlExpr> parts = scope.windows.get(SqlText.lower(name));
            if (parts != null) {
                return parts;
            }
        }
        return List.of();
    }

    /** All columns that an expression here could read, without those that were asked for with this mask before. */
    List<SqlSlot> everything(int mask) {
        List<SqlSlot> all = new ArrayList<>();
        for (SqlScope scope = this; scope != null; scope = scope.parent) {
            int from = scope.vars instanceof SqlVars many ? many.markEverything(mask, scope.visible) : 0;
            for (int i = from; i < scope.visible; i++) {
                all.add(scope.vars.get(i).value);
            }
        }
        return all;
    }

    /** The sources of this level, without those that were asked for so before. */
    List<Var> notYetUnknown() {
        int from = vars instanceof SqlVars many ? many.markUnknown(visible) : 0;
        return vars.subList(Math.min(from, visible), visible);
    }
}
