package dev.tentpole.bigquery;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sources of a {@code FROM}, which grow from join to join. Conditions of joins see those before them, so that a name is
 * looked for among the first ones; with many sources an index finds it, so that many joins take linear time.
 */
final class SqlVars extends AbstractList<SqlScope.Var> {

    /** With fewer sources going through them is quicker. */
    private static final int SMALL = 8;

    /** Places in the list in their order. */
    private static final class Places {

        private int[] at = new int[2];
        private int size;

        void add(int place) {
            if (size == at.length) {
                at = Arrays.copyOf(at, 2 * size);
            }
            at[size++] = place;
        }

        void removeIfLast(int place) {
            if (size > 0 && at[size - 1] == place) {
                size--;
            }
        }

        /** The last place before {@code end}, or -1. */
        int lastBefore(int end) {
            int index = Arrays.binarySearch(at, 0, size, end);
            int last = (index < 0 ? -index - 1 : index) - 1;
            return last < 0 ? -1 : at[last];
        }

        /** The first place that is {@code start} or behind it, or -1. */
        int firstFrom(int start) {
            int index = Arrays.binarySearch(at, 0, size, start);
            int first = index < 0 ? -index - 1 : index;
            return first == size ? -1 : at[first];
        }
    }

    private final SqlBudget budget;
    private final List<SqlScope.Var> vars = new ArrayList<>();
    private final Map<String, Places> aliases = new HashMap<>();
    private final Map<String, Places> columns = new HashMap<>();
    private final Places open = new Places();
    private int indexed;
    /** Up to where all are marked as optional, as read in whole, and as under a condition that was not understood. */
    private int optional;

    private final int[] everything = new int[SqlScan.ALL + 1];
    private int unknown;

    SqlVars(SqlBudget budget) {
        this.budget = budget;
    }

    @Override
    public SqlScope.Var get(int index) {
        return vars.get(index);
    }

    @Override
    public int size() {
        return vars.size();
    }

    @Override
    public void add(int index, SqlScope.Var var) {
        unindex(index);
        vars.add(index, var);
        modCount++;
    }

    @Override
    public SqlScope.Var remove(int index) {
        unindex(index);
        modCount++;
        return vars.remove(index);
    }

    @Override
    protected void removeRange(int from, int to) {
        unindex(from);
        vars.subList(from, to).clear();
        modCount++;
    }

    boolean isLarge() {
        return vars.size() > SMALL;
    }

    /** The place of the last source with that name before {@code end}, or -1. */
    int lastAlias(String lowerName, int end) {
        index();
        Places places = aliases.get(lowerName);
        return places == null ? -1 : places.lastBefore(end);
    }

    /** The place of the last source before {@code end} that has a column of that name, or -1. */
    int lastColumn(String lowerName, int end) {
        index();
        Places places = columns.get(lowerName);
        return places == null ? -1 : places.lastBefore(end);
    }

    /** The place of the first source that has a column of that name or takes any name, or -1. */
    int firstColumn(String lowerName, int start) {
        index();
        Places places = columns.get(lowerName);
        int known = places == null ? -1 : places.firstFrom(start);
        int any = open.firstFrom(start);
        return any < 0 || (known >= 0 && known < any) ? known : any;
    }

    /** The place of the first source that takes any name, or -1. */
    int firstOpen() {
        index();
        return open.firstFrom(0);
    }

    /** From where sources are not yet marked; marks all. */
    int markOptional() {
        int from = Math.min(optional, size());
        optional = size();
        return from;
    }

    /** From where sources before {@code end} are not yet read in whole for these bounds; marks them. */
    int markEverything(int mask, int end) {
        int from = everything[mask];
        everything[mask] = Math.max(from, end);
        return from;
    }

    /** From where sources before {@code end} are not yet under a condition that was not understood; marks them. */
    int markUnknown(int end) {
        int from = unknown;
        unknown = Math.max(from, end);
        return from;
    }

    private void index() {
        for (; indexed < vars.size(); indexed++) {
            SqlScope.Var var = vars.get(indexed);
            aliases.computeIfAbsent(SqlText.lower(var.alias), key -> new Places())
                    .add(indexed);
            List<String> names = var.names();
            budget.spend(names.size());
            for (String name : names) {
                columns.computeIfAbsent(name, key -> new Places()).add(indexed);
            }
            if (var.open != null) {
                open.add(indexed);
            }
        }
    }

    private void unindex(int from) {
        optional = Math.min(optional, from);
        unknown = Math.min(unknown, from);
        for (int i = 0; i < everything.length; i++) {
            everything[i] = Math.min(everything[i], from);
        }
        while (indexed > from) {
            indexed--;
            SqlScope.Var var = vars.get(indexed);
            remove(aliases, SqlText.lower(var.alias));
            var.names().forEach(name -> remove(columns, name));
            open.removeIfLast(indexed);
        }
    }

    private void remove(Map<String, Places> places, String name) {
        Places known = places.get(name);
        if (known != null) {
            known.removeIfLast(indexed);
        }
    }
}
