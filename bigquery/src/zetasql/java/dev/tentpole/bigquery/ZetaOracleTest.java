package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.zetasql.Parser;
import com.google.zetasql.SqlException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same tables and leaves are live for us and for Google's own analyser, and its truth lies within our bounds. */
final class ZetaOracleTest {

    private static final int GENERATED = 2_500;

    private static ZetaOracle oracle;

    @BeforeAll
    static void start() {
        try {
            oracle = new ZetaOracle(SampleCatalog.catalog());
        } catch (LinkageError | RuntimeException e) {
            assumeTrue(false, "Google's analyser cannot be loaded on this machine: " + e);
        }
    }

    @Test
    void queries_written_by_hand_read_the_same() {
        List<String> wrong = new ArrayList<>();
        HandWritten.queries().forEach(sql -> compare(sql, wrong));
        assertThat(wrong).isEmpty();
        assertThat(HandWritten.queries()).hasSizeGreaterThanOrEqualTo(100);
    }

    @Test
    void generated_queries_read_the_same() {
        QueryGenerator generator = new QueryGenerator(20_240_131);
        List<String> wrong = new ArrayList<>();
        Set<String> queries = new LinkedHashSet<>();
        while (queries.size() < GENERATED) {
            queries.add(generator.query());
        }
        queries.forEach(sql -> compare(sql, wrong));
        assertThat(wrong.stream().limit(20)).isEmpty();
    }

    @Test
    void statements_written_by_hand_are_parsed_by_both() {
        List<String> refused = new ArrayList<>();
        for (String sql : HandWritten.statements()) {
            try {
                Parser.parseScript(sql, oracle.language());
            } catch (SqlException e) {
                refused.add(e.getMessage() + " " + sql);
            }
        }
        assertThat(refused).isEmpty();
        assertThat(HandWritten.statements())
                .noneMatch(sql -> SampleCatalog.estimate(sql).warnings().stream()
                        .anyMatch(warning -> warning.id() == CostWarning.Id.SYNTAX_UNKNOWN));
    }

    private static void compare(String sql, List<String> wrong) {
        ZetaLiveness truth;
        try {
            truth = oracle.analyse(sql);
        } catch (SqlException e) {
            wrong.add("refused: " + e.getMessage() + " " + sql);
            return;
        }
        CostEstimate estimate = SampleCatalog.estimate(sql);
        Set<String> live = new TreeSet<>();
        Set<String> tables = new TreeSet<>();
        long bytes = 0;
        for (TableCost table : estimate.tables()) {
            String own = table.table().substring(table.table().lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            String name = own.startsWith("shard_") && truth.tables().contains("shard_*") ? "shard_*" : own;
            if (table.bytes().expected() > 0 || truth.tables().contains(name)) {
                tables.add(name);
            }
            TableStats stats = SampleCatalog.catalog().table(table.table()).orElseThrow();
            boolean narrowed = table.partitions().size() < table.partitionCount();
            for (TableCost.Leaf leaf : table.leaves()) {
                if (leaf.bytes().expected() > 0) {
                    live.add(name + "." + leaf.path().toLowerCase(Locale.ROOT));
                }
            }
            for (int i = 0; i < stats.leaves().leaves().size() && !narrowed; i++) {
                String path = name + "." + stats.leaves().leaves().get(i).path().toLowerCase(Locale.ROOT);
                bytes += truth.live().contains(path) ? stats.costs().expected(i) : 0;
            }
        }
        if (!live.equals(truth.live()) || !tables.containsAll(truth.tables())) {
            wrong.add(sql + "\n  ours  " + live + tables + "\n  truth " + truth.live() + truth.tables());
        }
        if (estimate.warnings().stream()
                .anyMatch(warning -> warning.id() == CostWarning.Id.SYNTAX_UNKNOWN
                        || warning.id() == CostWarning.Id.COLUMN_UNKNOWN)) {
            wrong.add("not understood: " + sql + "\n  " + estimate.warnings());
        }
        boolean narrowed = estimate.tables().stream()
                .anyMatch(table -> table.partitions().size() < table.partitionCount());
        if (!narrowed && (bytes < estimate.bytes().lower() || bytes > estimate.bytes().upper())) {
            wrong.add("out of bounds: " + bytes + " " + estimate.bytes() + " " + sql);
        }
    }
}
