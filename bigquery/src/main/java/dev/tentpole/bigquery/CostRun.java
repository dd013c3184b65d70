package dev.tentpole.bigquery;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One estimate while it is made: statement by statement, then everything together. */
final class CostRun {

    /** BigQuery stops a recursive query after so many iterations. */
    private static final long MOST_ITERATIONS = 500;

    private static final Set<String> WRITING = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "CALL", "EXECUTE");

    /** Statements behind which others may not be reached. */
    private static final Set<String> ENDING = Set.of(
            "RETURN", "RAISE", "ASSERT", "EXCEPTION", "BREAK", "LEAVE", "CONTINUE", "ITERATE", "CALL", "EXECUTE");

    /**
     * What a statement reads.
     *
     * @param selective whether it has any condition, join or limit
     * @param empty whether what it gives surely has no rows
     * @param nothing whether that keeps it from reading anything
     */
    private record Reading(List<SqlScan> scans, boolean selective, boolean empty, boolean nothing) {
        static final Reading NOTHING = new Reading(List.of(), false, false, false);
    }

    private final CostEstimator settings;
    private final String sql;
    private final List<SqlParameter> parameters;
    private final Instant now;
    private final Pricing pricing;
    private @Nullable QueryDryRun dryRun;
    /** What BigQuery says of the only statement, if anything. */
    private @Nullable CostConfirmed confirmed;

    /** The catalog with the defaults that it came with, which are those of views. */
    private final Catalog given;

    private Catalog catalog;
    private SqlFold fold;
    private final SqlNotes notes;
    private final SqlScript script = new SqlScript();
    /** The variables that statements before have declared, in small letters. */
    private final Set<String> variables = new HashSet<>();

    /** Tables that a statement before has changed, so that their size is not known any more. */
    private final NavigableSet<String> written = new TreeSet<>();

    private final List<CostEstimate.Statement> statements = new ArrayList<>();
    private int conditions;
    private int loops;
    private int ended;
    /** Whether a statement before may have changed any table. */
    private boolean anyWritten;
    /** Whether an error of the statement or of one before it may be caught, so that it is not billed. */
    private boolean guarded;
    /** Whether a statement before has set a time zone that is not known. */
    private boolean zoneUnknown;

    CostRun(
            CostEstimator settings,
            String sql,
            List<SqlParameter> parameters,
            Catalog catalog,
            Pricing pricing,
            @Nullable QueryDryRun dryRun) {
        this.settings = settings;
        this.sql = sql;
        this.parameters = parameters;
        given = catalog;
        this.catalog = catalog;
        this.pricing = pricing;
        this.dryRun = dryRun;
        now = settings.clock().instant();
        fold = new SqlFold(now, settings.zone(), parameters, settings.zone());
        boolean used = !settings.trusts(CostAssumption.MATERIALIZED_VIEWS_ARE_NOT_USED);
        notes = new SqlNotes(sql, used ? catalog.materialized() : Set.of());
    }

    CostEstimate estimate() {
        List<SqlStatement> parsed = SqlStatementParser.parse(sql);
        dryRun = parsed.size() == 1 ? dryRun : null;
        int[] guards = SqlScript.guards(parsed);
        int guardedBy = 0;
        for (int i = 0; i < parsed.size(); i++) {
            guardedBy += guards[i];
            guarded = guardedBy > 0;
            one(parsed.get(i));
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
        if (confirmed != null) {
            return CostAccuracy.LOWER_BOUND;
        }
        boolean known = !notes.isUnbounded()
                && statements.stream()
                        .flatMap(statement -> statement.tables().stream())
                        .allMatch(TableCost::known);
        return known && conditions == 0 && loops == 0 && ended == 0 ? CostAccuracy.LOWER_BOUND : CostAccuracy.UNKNOWN;
    }

    private void one(SqlStatement statement) {
        SqlScope root = SqlScope.root().withConstants(variables);
        SqlResolver resolver = new SqlResolver(catalog, given, notes, written, script);
        notes.beginStatement();
        SqlRelation relation;
        try {
            relation = relation(statement, resolver, root);
            if (relation != null) {
                live(relation, statement, resolver);
            }
        } catch (SqlBudget.TooLarge e) {
            notes.scans.clear();
            notes.ctes.clear();
            notes.unknownSyntax(statement.start(), statement.end());
            one(SqlStatementParser.unread(statement));
            return;
        }
        Reading reading = relation == null ? Reading.NOTHING : reading(statement, relation, resolver);
        CostStatement costs = new CostStatement(settings, notes, script, reading.selective());
        List<TableCost> tables = costs.tables(reading.scans());
        CostBytes bytes = read(statement, reading, tables);
        CostBytes billed = costs.billed(tables, bytes);
        if (isUnbounded(statement, reading)) {
            bytes = new CostBytes(bytes.lower(), bytes.expected(), CostBytes.UNBOUNDED);
            billed = new CostBytes(billed.lower(), billed.expected(), CostBytes.UNBOUNDED);
        }
        // What an unread statement is billed for may be something else than its query.
        if (isPartial() || statement.control().optional() || statement.unread()) {
            bytes = new CostBytes(0, bytes.expected(), bytes.upper());
            billed = new CostBytes(0, billed.expected(), billed.upper());
        }
        CostConfirmed told = dryRun == null ? null : CostConfirmed.of(dryRun, statement, reading.scans());
        if (told != null) {
            CostBytes estimated = bytes;
            bytes = told.bytes(estimated);
            billed = told.billed(billed, estimated, bytes, tables, settings.trusts(CostAssumption.MINIMUM_PER_TABLE));
            if (told.isPrecise()) {
                // The bytes rest on nothing now; only what is billed for them does.
                notes.assumptions().removeIf(assumption -> assumption != CostAssumption.MINIMUM_PER_TABLE);
            }
        }
        confirmed = told;
        CostWarnings.afterCosts(notes, statement, reading.scans(), tables, bytes.expected(), billed);
        control(statement, bytes);
        if (statement.target() != null) {
            written.add(fullName(statement.target()));
        }
        statements.add(new CostEstimate.Statement(
                statement.kind(), statement.start(), statement.end(), bytes, billed, tables));
        // Nothing of it is kept, which would be much in a long script.
        notes.scans.clear();
        notes.ctes.clear();
    }

    /** Applies the conditions of a statement to its scans. */
    private Reading reading(SqlStatement statement, SqlRelation relation, SqlResolver resolver) {
        List<SqlScan> scans = notes.scans;
        List<SqlRelation> order = SqlFilters.inOrder(relation);
        multiply(order, relation);
        if (statement.kind().equals("MERGE")) {
            // Its conditions may select partitions of the table that it changes.
            scans.forEach(scan -> scan.maybeLess = true);
        }
        if (statement.kind().equals("DELETE")) {
            // Whole partitions are deleted for nothing.
            scans.stream()
                    .filter(scan ->
                            scan.schema != null && scan.schema.partitioning().isPresent())
                    .forEach(scan -> scan.maybeLess = true);
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            SqlRelation each = order.get(i);
            each.order = i;
            if (each.optional) {
                each.markInputsOptional(0);
            }
        }
        SqlFilters filters = new SqlFilters(fold, resolver, notes, settings);
        boolean empty = false;
        boolean selective = false;
        boolean searched = false;
        for (SqlRelation each : order) {
            filters.apply(each);
            empty |= each.empty;
            if (!zoneUnknown) {
                never(each);
            }
            for (SqlRelation.Needed needed : each.needed) {
                searched |= isSearch(needed.expr());
            }
            selective |= each.limited || !each.needed.isEmpty() || !each.outerFilters.isEmpty();
        }
        empty |= filters.isNever();
        selective |= scans.size() > 1;
        if (filters.isLost()) {
            scans.forEach(SqlScan::unknown);
        }
        if (empty) {
            scans.forEach(scan -> scan.active &= ~SqlScan.LOWER);
        }
        if (zoneUnknown) {
            scans.forEach(SqlScan::unsure);
        }
        if (searched) {
            // An index may find the rows.
            scans.forEach(scan -> scan.maybeLess = true);
        }
        // What no rows are joined to may not be read either.
        boolean nothing = empty
                && relation.never
                && relation.expressionInputs.isEmpty()
                && !zoneUnknown
                && order.stream().noneMatch(each -> each.sided);
        if (nothing) {
            scans.forEach(this::unread);
        }
        SqlStatement.Target target = statement.target();
        String changed = target == null || !target.read() ? "" : fullName(target);
        CostWarnings.afterStatement(notes, notes.ctes, order, scans, changed);
        return new Reading(scans, selective, empty, nothing);
    }

    /** The bytes that a statement reads, and those that it changes. */
    private CostBytes read(SqlStatement statement, Reading reading, List<TableCost> tables) {
        CostBytes bytes = CostBytes.ZERO;
        for (TableCost table : tables) {
            bytes = bytes.plus(table.bytes());
        }
        bytes = bytes.plus(changed(statement, reading.scans()));
        if (reading.empty()) {
            boolean trusted = reading.nothing() && settings.trusts(CostAssumption.NEVER_TRUE_READS_NOTHING);
            bytes = new CostBytes(0, reading.nothing() ? 0 : bytes.expected(), trusted ? 0 : bytes.upper());
        }
        return bytes;
    }

    /** Whether a statement may read, or be billed for, more than its tables have. */
    private boolean isUnbounded(SqlStatement statement, Reading reading) {
        boolean made = statement.kind().equals("CREATE") && statement.query() == null && statement.target() == null;
        if (made) {
            notes.functionMade();
        }
        boolean function = made && statement.unread();
        if (function) {
            notes.assume(CostAssumption.FUNCTIONS_ARE_FREE);
        }
        boolean free = function && settings.trusts(CostAssumption.FUNCTIONS_ARE_FREE);
        // What a loop begins with is computed again and again; what FOR goes through is computed once.
        boolean again = loops > 0
                || (statement.control().loops() > 0 && !statement.kind().equals("FOR"));
        // What is empty now may be filled before it is read, or read again.
        return (statement.unread() && !free)
                || notes.isStatementUnbounded()
                || ((again || anyWritten) && !reading.scans().isEmpty());
    }

    /** Marks what is read; queries in expressions are resolved only here. */
    private void live(SqlRelation relation, SqlStatement statement, SqlResolver resolver) {
        SqlLiveness liveness = new SqlLiveness(resolver, notes, fold, settings);
        if (statement.kind().equals("SELECT")) {
            relation.keepOrder();
        }
        liveness.result(relation, SqlScan.ALL);
        unused(notes.ctes, liveness);
    }

    /** A condition that is never true keeps the tables beside it from being read. */
    private void never(SqlRelation relation) {
        if (relation.never) {
            relation.scans.forEach(this::unread);
        }
    }

    private void unread(SqlScan scan) {
        scan.active &= settings.trusts(CostAssumption.NEVER_TRUE_READS_NOTHING) ? 0 : SqlScan.UPPER;
    }

    /** Whether the statement, and those that follow, may not be reached, or fail without being billed. */
    private boolean isPartial() {
        return conditions > 0 || loops > 0 || ended > 0 || guarded;
    }

    /** Whether it makes a table whose name was not understood. */
    private static boolean makesAnything(SqlStatement statement) {
        return statement.kind().equals("CREATE")
                && statement.query() != null
                && statement.query().body() instanceof SqlQuery.Unreadable;
    }

    private static boolean isSearch(SqlExpr expr) {
        return SqlTrees.any(
                expr, part -> part instanceof SqlExpr.Call call && call.name().equals("SEARCH"));
    }

    private void control(SqlStatement statement, CostBytes bytes) {
        statement.control().declares().forEach(name -> variables.add(SqlText.lower(name)));
        statement.control().declares().stream()
                .filter(name -> name.startsWith("@@"))
                .forEach(name -> set(name, statement));
        conditions = Math.max(0, conditions + statement.control().conditions());
        // Whether what follows is reached is not known any more.
        boolean strange =
                (statement.unread() && !SqlStatementParser.isKnown(statement.kind())) || makesAnything(statement);
        boolean unknown = statement.control().renames()
                || (statement.target() == null && (WRITING.contains(statement.kind()) || strange));
        // What drops something else than a table may leave nothing that the following can be run with.
        boolean dropped = statement.kind().equals("DROP") && statement.target() == null;
        ended += unknown || dropped || ENDING.contains(statement.kind()) ? 1 : 0;
        anyWritten |= unknown;
        loops = Math.max(0, loops + statement.control().loops());
        boolean partial = statement.unread()
                || (isPartial() && bytes.upper() > 0)
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

    /** Sets a system variable, whose value counts from here on; if it is not known, nothing that depends on it is. */
    private void set(String name, SqlStatement statement) {
        boolean sure = !isPartial() && statement.exprs().size() == 1;
        SqlValue value = sure ? fold.value(statement.exprs().get(0), fold.times(SqlScope.root())) : null;
        Optional<String> text =
                value != null && value.value() instanceof String set ? Optional.of(set) : Optional.empty();
        switch (name) {
            case "@@dataset_id" -> catalog = catalog.withDefaults(catalog.defaultProject(), text);
            case "@@dataset_project_id" -> catalog = catalog.withDefaults(text, catalog.defaultDataset());
            case "@@time_zone" -> {
                ZoneId zone = text.isEmpty() ? null : SqlValue.zone(text.get());
                zoneUnknown = zone == null;
                if (zone == null) {
                    text = Optional.empty();
                } else {
                    // Parameters are sent before the script sets anything.
                    fold = new SqlFold(now, zone, parameters, settings.zone());
                }
            }
            default -> {
                return;
            }
        }
        if (text.isEmpty()) {
            notes.warn(
                    CostWarning.Id.SCRIPT_PARTIAL,
                    CostWarning.Severity.WARNING,
                    statement.start(),
                    statement.end(),
                    "What " + name
                            + " is set to is not known before this runs; nothing that depends on it is known behind"
                            + " here.");
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
                scan.multiplicity = CostBytes.times(own, scan.repeats);
            }
        }
    }

    private String fullName(SqlStatement.Target target) {
        return SqlTables.fullName(String.join(".", target.path()), catalog, written);
    }

    /** A statement that updates or deletes rows is billed for all columns of the table on top of what it reads. */
    private CostBytes changed(SqlStatement statement, List<SqlScan> scans) {
        SqlStatement.Target target = statement.target();
        if (target == null || !target.read()) {
            return CostBytes.ZERO;
        }
        String name = fullName(target);
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
