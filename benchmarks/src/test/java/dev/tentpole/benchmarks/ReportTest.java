package dev.tentpole.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

    private static final String JMH = """
            [{"benchmark": "dev.x.EncodeBenchmark.encode", "threads": 1, "mode": "avgt",
              "params": {"implementation": "tentpole", "points": "10"},
              "primaryMetric": {"score": 2.0, "scoreError": 0.5, "scoreUnit": "ms/op"},
              "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 1234.0}}},
             {"benchmark": "dev.x.EncodeBenchmark.encode", "threads": 1, "mode": "avgt",
              "params": {"implementation": "tree", "points": "10"},
              "primaryMetric": {"score": 13.0, "scoreError": "NaN", "scoreUnit": "ms/op"},
              "secondaryMetrics": {}},
             {"benchmark": "dev.x.PoolBenchmark.borrow", "threads": 2, "mode": "thrpt",
              "params": {"implementation": "tentpole"},
              "primaryMetric": {"score": 300.0, "scoreError": 1.0, "scoreUnit": "ops/s"},
              "secondaryMetrics": {"cpu.norm": {"score": 45.0}}},
             {"benchmark": "dev.x.PoolBenchmark.borrow", "threads": 2, "mode": "thrpt",
              "params": {"implementation": "hikari"},
              "primaryMetric": {"score": 20.0, "scoreError": 1.0, "scoreUnit": "ops/s"}}]
            """;

    @TempDir
    private Path folder;

    @Test
    void a_run_survives_its_file() throws IOException {
        Run run = run();
        run.write(folder.resolve("sub/result.json"));
        assertThat(Run.read(folder.resolve("sub/result.json"))).isEqualTo(run);
    }

    @Test
    void a_table_gives_the_ratio_to_each_peer_whichever_way_is_better() throws IOException {
        assertThat(new Report(run()).all())
                .contains("### EncodeBenchmark")
                .contains("| encode points=10 | tentpole | 2.0 ms/op | 0.500 | 1,234 |  |")
                .contains("| encode points=10 | tree | 13.0 ms/op |  |  | 6.50x |")
                .contains("| borrow threads=2 | tentpole | 300 ops/s | 1.0 |  | 45.0 ns |  |")
                .contains("| borrow threads=2 | hikari | 20.0 ops/s | 1.0 |  |  | 15x |")
                .contains("`the command`");
    }

    @Test
    void a_file_gets_its_tables_and_keeps_the_rest() throws IOException {
        String text = """
                before
                <!-- benchmark PoolBenchmark -->
                old
                <!-- /benchmark -->
                between
                <!-- benchmark OtherBenchmark -->
                kept, this run did not measure it
                <!-- /benchmark -->
                """;
        assertThat(new Report(run()).fill(text))
                .contains("before\n<!-- benchmark PoolBenchmark -->\n| work |")
                .contains("15x")
                .doesNotContain("old\n")
                .contains("kept, this run did not measure it\n<!-- /benchmark -->\n");
    }

    @Test
    void a_place_of_one_jdk_takes_only_its_runs() throws IOException {
        String here =
                "<!-- benchmark PoolBenchmark on " + Runtime.version().feature() + " -->\nold\n<!-- /benchmark -->\n";
        String there = "<!-- benchmark PoolBenchmark on 9 -->\nkept\n<!-- /benchmark -->\n";
        assertThat(new Report(run()).fill(here + there))
                .contains("15x")
                .doesNotContain("old\n")
                .endsWith(there);
    }

    @Test
    void a_table_names_the_versions_of_what_it_compares_and_of_nothing_else() throws IOException {
        Map<String, String> versions =
                Map.of("com.zaxxer:HikariCP", "7.0", "org.x:other", "1.0", "org.openjdk.jmh:jmh-core", "1.37");
        Run all = run();
        Run run = new Run(all.command(), all.machine(), all.jdk(), all.time(), versions, all.scores());
        assertThat(new Report(run).fill("<!-- benchmark PoolBenchmark -->\n<!-- /benchmark -->"))
                .contains("HikariCP 7.0", "jmh-core 1.37")
                .doesNotContain("other");
    }

    @Test
    void a_parameter_that_is_a_number_is_no_librarys_name() throws IOException {
        Map<String, String> versions = Map.of("org.x:h10n", "1.0", "org.x:tree-4", "2.0");
        Run all = run();
        Run run = new Run(all.command(), all.machine(), all.jdk(), all.time(), versions, all.scores());
        assertThat(new Report(run).fill("<!-- benchmark EncodeBenchmark -->\n<!-- /benchmark -->"))
                .contains("tree-4 2.0")
                .doesNotContain("h10n");
    }

    private Run run() throws IOException {
        Path raw = Files.writeString(folder.resolve("jmh.json"), JMH);
        return Run.capture("the command", raw);
    }
}
