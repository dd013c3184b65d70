package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One estimate while it is made: statement by statement, then everything together. */
final class CostRun {

    /** BigQuery stops a recursive query after so many iterations. */
    private static final long MOST_ITERATIONS = 500;

    private static final Set<String> WRITING = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "CALL", "EXECUTE");

    /** Statements behind which others may not be reached. */
    private static final Set<String> ENDING =
            Set.of("RETURN", "RAISE", "EXCEPTION", "BREAK", "LEAVE", "CONTINUE", "ITERATE", "CALL", "EXECUTE");

    private final CostEstimator settings;
    private final String sql;
    private final Catalog catalog;
    private final Pricing pricing;
    private final SqlFold fold;
    private final SqlNotes notes;
    private final Set<String> variables = new HashSet<>();
    /** Tables that a statement before has changed, so that their size is not known any more. */
    private final Set<String> written = new HashSet<>();

    private final List<CostEstimate.Statement> statements = new ArrayList<>();
    private int conditions;
    private int loops;
    private int ended;
    /** Whether a statement before may have changed any table. */
    private boolean anyWritten;

    CostRun(CostEstimator settings, String sql, List<SqlParameter> parameters, Catalog catalog, Pricing pricing) {
        this.settings = settings;
        this.sql = sql;
        this.catalog = catalog;
        this.pricing = pricing;
        fold = new SqlFold(settings.clock().instant(), settings.zone(), parameters);
        boolean used = !settings.trusts(CostAssumption.MATERIALIZED_VIEWS_ARE_NOT_USED);
        notes = new SqlNotes(sql, used ? catalog.materialized() : Set.of());
    }

    CostEstimate estimate() {
        List<SqlStatement> parsed = SqlStatementParser.parse(sql);
        for (SqlStatement statement : parsed) {
            one(statement);
        }
        CostBytes bytes = CostBytes.ZERO;
        CostBytes billed = CostBytes.ZERO;
        for (CostEstimate.Statement statement : statements) {
            bytes = bytes.plus(statement.bytes());
            billed = billed.plus(statement.billedBytes());
        }
        if (parsed.size() != 1) {
            notes.notCached("scripts are not cached as a whole");
        }
        CostMoney money = CostPrices.money(pricing, billed, settings, notes);
        CostWarnings.afterAll(notes, billed, settings.budgetBytes());
        Set<CostAssumption> assumptions = EnumSet.noneOf(CostAssumption.class);
        assumptions.addAll(notes.assumptions());
        List<CostWarning> warnings = notes.warnings();
        warnings.sort((a, b) -> Integer.compare(a.start(), b.start()));
        return new CostEstimate(
                bytes,
                billed,
                accuracy(bytes),
                money,
                statements,
                warnings,
                assumptions,
                List.copyOf(notes.cacheObstacles()));
    }

    private CostAccuracy accuracy(CostBytes bytes) {
        if (bytes.isExact()) {
            return CostAccuracy.PRECISE;
        }
        if (bytes.isBounded()) {
            return CostAccuracy.UPPER_BOUND;
        }
        boolean known = !notes.isUnbounded()
                && statements.stream()
                        .flatMap(statement -> statement.tables().stream())
                        .allMatch(TableCost::known);
        return known && conditions == 0 && loops == 0 && ended == 0 ? CostAccuracy.LOWER_BOUND : CostAccuracy.UNKNOWN;
    }

    private void one(SqlStatement statement) {
        SqlScope root = SqlScope.root().withConstants(variables);
        SqlResolver resolver = new SqlResolver(catalog, notes, written);
        int before = notes.scans.size();
        int beforeCtes = notes.ctes.size();
        notes.beginStatement();
        SqlRelation relation;
        try {
            relation = relation(statement, resolver, root);
            if (relation != null) {
                live(relation, statement, resolver, beforeCtes);
            }
        } catch (SqlBudget.TooLarge e) {
            notes.scans.subList(before, notes.scans.size()).clear();
            notes.ctes.subList(beforeCtes, notes.ctes.size()).clear();
            notes.unknownSyntax(statement.start(), statement.end());
            one(SqlStatementParser.unread(statement));
            return;
        }
        List<SqlScan> scans = List.of();
        boolean empty = false;
        boolean selective = false;
        if (relation != null) {
            List<SqlRelation> order = SqlFilters.inOrder(relation);
            multiply(order, relation);
            if (statement.kind().equals("MERGE")) {
                // Its conditions may select partitions of the table that it changes.
                notes.scans.subList(before, notes.scans.size()).forEach(scan -> scan.maybeLess = true);
            }
            for (int i = 0; i < order.size(); i++) {
                order.get(i).order = i;
            }
            SqlFilters filters = new SqlFilters(fold, resolver, notes, settings);
            for (SqlRelation each : order) {
                filters.apply(each);
                empty |= each.empty;
                never(each);
                selective |= each.limited || !each.needed.isEmpty() || !each.outerFilters.isEmpty();
            }
            scans = notes.scans.subList(before, notes.scans.size());
            selective |= scans.size() > 1;
            if (filters.isLost()) {
                scans.forEach(SqlScan::unknown);
            }
            if (empty) {
                scans.forEach(scan -> scan.active &= ~SqlScan.LOWER);
            }
            CostWarnings.afterStatement(notes, notes.ctes.subList(beforeCtes, notes.ctes.size()), order, scans);
        }
        List<TableCost> tables = new ArrayList<>(new CostStatement(settings, notes, selective).tables(scans));
        CostBytes bytes = CostBytes.ZERO;
        for (TableCost table : tables) {
            bytes = bytes.plus(table.bytes());
        }
        bytes = bytes.plus(changed(statement, scans));
        if (empty) {
            // What no rows are joined to may not be read either.
            boolean nothing = relation != null && relation.never;
            boolean trusted = nothing && settings.trusts(CostAssumption.NEVER_TRUE_READS_NOTHING);
            bytes = new CostBytes(0, nothing ? 0 : bytes.expected(), trusted ? 0 : bytes.upper());
        }
        boolean function = statement.unread() && statement.kind().equals("CREATE");
        if (function) {
            notes.assume(CostAssumption.FUNCTIONS_ARE_FREE);
        }
        boolean free = function && settings.trusts(CostAssumption.FUNCTIONS_ARE_FREE);
        boolean unknown = (statement.unread() && !free) || notes.isStatementUnbounded();
        CostBytes billed = new CostStatement(settings, notes, selective).billed(tables, bytes);
        // What a loop begins with is computed again and again; what FOR goes through is computed once.
        boolean again = loops > 0
                || (statement.control().loops() > 0 && !statement.kind().equals("FOR"));
        if (unknown || ((again || anyWritten) && bytes.upper() > 0)) {
            bytes = new CostBytes(bytes.lower(), bytes.expected(), CostBytes.UNBOUNDED);
            billed = new CostBytes(billed.lower(), billed.expected(), CostBytes.UNBOUNDED);
        }
        if (conditions > 0 || loops > 0 || ended > 0) {
            bytes = new CostBytes(0, bytes.expected(), bytes.upper());
            billed = new CostBytes(0, billed.expected(), billed.upper());
        }
        CostWarnings.afterCosts(notes, statement, tables, billed);
        control(statement, bytes);
        if (statement.target() != null) {
            String path = String.join(".", statement.target().path());
            written.add(catalog.fullName(path));
        }
        statements.add(new CostEstimate.Statement(
                statement.kind(), statement.start(), statement.end(), bytes, billed, tables));
    }

    /** Marks what is read; queries in expressions are resolved only here. */
    private void live(SqlRelation relation, SqlStatement statement, SqlResolver resolver, int beforeCtes) {
        SqlLiveness liveness = new SqlLiveness(resolver, notes, settings);
        if (statement.kind().equals("SELECT")) {
            relation.keepOrder();
        }
        liveness.result(relation, SqlScan.ALL);
        unused(notes.ctes.subList(beforeCtes, notes.ctes.size()), liveness);
    }

    /** A condition that is never true keeps the tables beside it from being read. */
    private void never(SqlRelation relation) {
        if (relation.never) {
            int read = settings.trusts(CostAssumption.NEVER_TRUE_READS_NOTHING) ? 0 : SqlScan.UPPER;
            relation.scans.forEach(scan -> scan.active &= read);
        }
    }

    private void control(SqlStatement statement, CostBytes bytes) {
        variables.addAll(statement.control().declares());
        conditions = Math.max(0, conditions + statement.control().conditions());
        // Whether what follows is reached is not known any more.
        boolean unknown = statement.target() == null && WRITING.contains(statement.kind());
        ended += unknown || ENDING.contains(statement.kind()) ? 1 : 0;
        anyWritten |= unknown;
        loops = Math.max(0, loops + statement.control().loops());
        boolean partial = statement.unread()
                || ((conditions > 0 || loops > 0 || ended > 0) && bytes.upper() > 0)
                || statement.control().loops() > 0;
        if (partial) {
            notes.warn(
                    CostWarning.Id.SCRIPT_PARTIAL,
                    CostWarning.Severity.WARNING,
                    statement.start(),
                    statement.end(),
                    statement.unread()
                            ? "What this statement reads cannot be told before it runs."
                            : "Whether and how often this part of the script runs is not known.");
        }
        if (!statement.kind().equals("SELECT")) {
            notes.notCached(statement.kind() + " statements are not cached");
        }
    }

    private static @Nullable SqlRelation relation(SqlStatement statement, SqlResolver resolver, SqlScope root) {
        SqlRelation relation = statement.query() == null ? null : resolver.query(statement.query(), root);
        if (!statement.exprs().isEmpty()) {
            SqlRelation exprs = new SqlRelation();
            SqlScope scope = root.inner(List.of()).ownedBy(exprs);
            statement.exprs().forEach(expr -> exprs.needed.add(new SqlRelation.Needed(expr, scope)));
            if (relation != null) {
                exprs.inputs.add(relation);
                exprs.columns = relation.columns;
            }
            relation = exprs;
        }
        return relation;
    }

    /** A CTE that nothing uses may be read all the same. */
    private void unused(List<SqlCtes.Entry> entries, SqlLiveness liveness) {
        for (SqlCtes.Entry entry : entries) {
            if (entry.relation != null && (entry.relation.active & SqlScan.EXPECTED) == 0) {
                notes.assume(CostAssumption.UNUSED_CTES_ARE_NOT_READ);
                if (!settings.trusts(CostAssumption.UNUSED_CTES_ARE_NOT_READ)) {
                    liveness.result(entry.relation, SqlScan.UPPER);
                }
            }
        }
    }

    /** How often each relation is computed: once for each reference to it. */
    private void multiply(List<SqlRelation> order, SqlRelation root) {
        root.multiplicity = 1;
        for (int i = order.size() - 1; i >= 0; i--) {
            SqlRelation relation = order.get(i);
            long own = Math.max(1, relation.multiplicity);
            if (relation.recursive) {
                notes.assume(CostAssumption.RECURSION_IS_BILLED_ONCE);
                if (!settings.trusts(CostAssumption.RECURSION_IS_BILLED_ONCE)) {
                    own = CostBytes.times(own, MOST_ITERATIONS);
                }
            }
            for (SqlRelation input : relation.allInputs()) {
                input.multiplicity = CostBytes.plus(input.multiplicity, own);
            }
            for (SqlScan scan : relation.scans) {
                scan.multiplicity = own;
            }
        }
    }

    /** A statement that updates or deletes rows is billed for all columns of the table on top of what it reads. */
    private CostBytes changed(SqlStatement statement, List<SqlScan> scans) {
        SqlStatement.Target target = statement.target();
        if (target == null || !target.read()) {
            return CostBytes.ZERO;
        }
        String name = catalog.fullName(String.join(".", target.path()));
        if (written.contains(name)) {
            return new CostBytes(0, 0, CostBytes.UNBOUNDED);
        }
        for (SqlScan scan : scans) {
            if (!scan.name.equals(name) || scan.schema == null) {
                continue;
            }
            CostTable cost = CostTable.of(scan.schema, scan.selection);
            CostBytes all = CostBytes.ZERO;
            boolean certain = statement.kind().equals("UPDATE")
                    && scan.schema.partitioning().isEmpty()
                    && scan.schema.clustering().isEmpty()
                    && !scan.schema.rowAccessPolicy();
            for (int i = 0; i < cost.lower.length; i++) {
                all = all.plus(CostBytes.around(certain ? cost.lower[i] : 0, cost.expected[i], cost.upper[i]));
            }
            all = all.plus(new CostBytes(0, 0, scan.schema.streamingBufferBytes()));
            notes.warn(
                    CostWarning.Id.DML_FULL_TABLE,
                    CostWarning.Severity.WARNING,
                    target.start(),
                    target.end(),
                    statement.kind() + " is billed for all columns of " + name
                            + (scan.schema.partitioning().isPresent() ? " in the partitions that it changes" : "")
                            + ", on top of what it reads.",
                    scan.schema.partitioning().isPresent() ? "a constant condition on the partition column" : null,
                    -1);
            return all;
        }
        return new CostBytes(0, 0, CostBytes.UNBOUNDED);
    }
}
