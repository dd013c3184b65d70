package dev.tentpole.bigquery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the statements of a script have in common while they are resolved, and how much may still be made of all of them
 * together: a short text can name the same thousands of tables again and again.
 */
final class SqlScript {

    /** How many tables the references to wildcards may have in all statements together. */
    private static final int MOST_MEMBERS = 250_000;

    /** How many parts of conditions times tables are looked at in all statements together. */
    private static final long MOST_WORK = 4_000_000;

    /** How long the texts of views may be in all statements together that name them. */
    private static final long MOST_VIEWS = 4_000_000;

    /** How many expressions are looked at in all to tell whether they may be null; beyond, each may be. */
    private static final int MOST_QUESTIONS = 300_000;

    /** How many partitions may be listed in the costs of all statements together. */
    private static final int MOST_PARTITIONS = 500_000;

    /** So many leaves of a table are as much work as the table itself. */
    private static final int LEAVES = 32;

    private static final Pattern DATED = Pattern.compile(".*[0-9]{8}");

    /** The tables of a name, which are more than one for a wildcard. */
    static final class Members {

        static final Members NONE = new Members(List.of(), 0, 0);

        /** Stands for tables that were not looked for. */
        static final Members TOO_MANY = new Members(List.of(), 0, 0);

        final List<TableStats> tables;
        /** The table whose columns are seen; null if there are no tables. */
        final @Nullable TableStats schema;
        /** How many of them have a date in their name. */
        final int dated;
        /** How many tables statements before had changed when these were looked for. */
        private final int written;

        private final Map<String, Boolean> common = new HashMap<>(0);

        private Members(List<TableStats> tables, int dated, int written) {
            this.tables = tables;
            this.dated = dated;
            this.written = written;
            schema = tables.isEmpty() ? null : TableUnion.of(tables);
        }

        static Members of(TableStats table) {
            return new Members(List.of(table), 0, 0);
        }

        /** Whether all of them have that leaf. */
        boolean isCommon(String leaf) {
            return common.computeIfAbsent(
                    leaf,
                    path -> tables.stream().allMatch(table -> table.leaves().index(path) >= 0));
        }

        /** How much work one reference to them is. */
        private long work() {
            int leaves = schema == null ? 0 : schema.leaves().leaves().size();
            return tables.size() * (1L + leaves / LEAVES);
        }
    }

    /**
     * A view that was read.
     *
     * @param place where its text is taken to begin
     * @param length how long its text is
     */
    record View(SqlQuery query, int place, int length) {}

    private final Map<String, Members> wildcards = new HashMap<>();
    private final Map<String, View> views = new HashMap<>();
    private long membersLeft = MOST_MEMBERS;
    private long viewsLeft = MOST_VIEWS;
    private long workLeft = MOST_WORK;
    private int partitionsLeft = MOST_PARTITIONS;
    private int questionsLeft = MOST_QUESTIONS;

    /** Whether so much may still be done; what is not, is not counted. */
    boolean spend(long work) {
        if (work > workLeft) {
            return false;
        }
        workLeft -= work;
        return true;
    }

    /** Whether one more expression may be looked at to tell whether it may be null. */
    boolean mayAsk() {
        return --questionsLeft >= 0;
    }

    /** Whether so many more partitions may be listed in the answer. */
    boolean keep(int partitions) {
        boolean kept = partitions <= partitionsLeft;
        partitionsLeft -= kept ? partitions : 0;
        return kept;
    }

    /**
     * What a view is a name for; its text is read once.
     *
     * @param behind a place behind everything that was read before
     * @return null if too much of views was read already
     */
    @Nullable
    View view(String name, String text, int behind) {
        if (viewsLeft <= 0) {
            return null;
        }
        viewsLeft -= text.length();
        return views.computeIfAbsent(
                name, key -> new View(SqlStatementParser.query(text, behind), behind, text.length()));
    }

    /** The tables of a name that stands for none that can be looked at. */
    Members members() {
        return viewsLeft <= 0 ? Members.TOO_MANY : Members.NONE;
    }

    /**
     * The tables whose names begin so, in the same dataset.
     *
     * @param changed whether a statement before has changed any table whose name begins so
     */
    Members members(String prefix, Catalog catalog, NavigableSet<String> written, boolean changed) {
        if (membersLeft <= 0) {
            return Members.TOO_MANY;
        }
        Members known = wildcards.get(prefix);
        if (known == null || (changed && known.written != written.size())) {
            known = find(prefix, catalog, written);
            wildcards.put(prefix, known);
        }
        membersLeft -= known.work();
        return known;
    }

    private Members find(String prefix, Catalog catalog, NavigableSet<String> written) {
        List<TableStats> tables = new ArrayList<>();
        int dated = 0;
        for (TableStats table : catalog.withPrefix(prefix)) {
            membersLeft--;
            boolean same = table.name().indexOf('.', prefix.length()) < 0;
            if (same && table.kind() == TableStats.Kind.TABLE && !written.contains(table.name())) {
                tables.add(table);
                dated += DATED.matcher(table.name()).matches() ? 1 : 0;
            }
        }
        return new Members(List.copyOf(tables), dated, written.size());
    }

    /** How many blocks with a handler of errors begin and end at each statement, the handler itself not counted. */
    static int[] guards(List<SqlStatement> parsed) {
        int[] guards = new int[parsed.size() + 1];
        Deque<Integer> blocks = new ArrayDeque<>();
        for (int i = 0; i < parsed.size(); i++) {
            SqlStatement statement = parsed.get(i);
            if (statement.control().blocks() > 0) {
                blocks.push(i);
            } else if (statement.control().blocks() < 0) {
                blocks.poll();
            } else if (statement.kind().equals(SqlStatementParser.REST)) {
                // Handlers of the blocks that are open may be in it.
                blocks.forEach(block -> guards[block]++);
            } else if (statement.kind().equals("EXCEPTION") && !blocks.isEmpty()) {
                guards[blocks.pop()]++;
                guards[i]--;
                blocks.push(i);
            }
        }
        return guards;
    }
}
