package dev.tentpole.examples.bigquery;

import dev.tentpole.bigquery.BigQueryException;
import dev.tentpole.bigquery.Catalog;
import dev.tentpole.bigquery.CostBytes;
import dev.tentpole.bigquery.CostEstimate;
import dev.tentpole.bigquery.CostEstimator;
import dev.tentpole.bigquery.CostMoney;
import dev.tentpole.bigquery.CostWarning;
import dev.tentpole.bigquery.PriceTable;
import dev.tentpole.bigquery.Pricing;
import dev.tentpole.bigquery.TableCost;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a query or a script costs before it runs. */
@Command(
        name = "estimate",
        mixinStandardHelpOptions = true,
        description = "Says what a query costs before it runs, from a catalog in a file.",
        exitCodeOnExecutionException = EstimateCommand.MISTAKE,
        footer = {
            "",
            "Exit status: 0 if the query is within its budget, 1 if it may be over it,",
            "2 for wrong options and files that cannot be read, 3 for a mistake of this program."
        })
final class EstimateCommand implements Callable<Integer> {

    static final int MISTAKE = 3;

    private static final int OVER_BUDGET = 1;
    private static final String BYTE_ORDER_MARK = "\ufeff";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--catalog", required = true, paramLabel = "FILE", description = "the tables: .yaml, .yml or .json")
    private @Nullable Path catalog;

    @Option(
            names = "--region",
            defaultValue = "US",
            description = "the region or multi-region; default: ${DEFAULT-VALUE}")
    private String region = "US";

    @Option(names = "--prices", paramLabel = "FILE", description = "prices of your own instead of the bundled ones")
    private @Nullable Path prices;

    @Option(names = "--file", paramLabel = "FILE", description = "a file with the query or script")
    private @Nullable Path file;

    @Option(
            names = "--max-bytes",
            paramLabel = "BYTES",
            description = "the budget in billed bytes; exit status 1 if the upper bound is over it")
    private @Nullable Long maxBytes;

    @Option(
            names = "--max-cost",
            paramLabel = "AMOUNT",
            description = "the budget in the currency of the prices; exit status 1 if the upper bound is over it")
    private @Nullable BigDecimal maxCost;

    @Option(names = "--json", description = "JSON instead of text")
    private boolean json;

    @Parameters(
            arity = "0..1",
            paramLabel = "SQL",
            description = "the query; without it and without --file: standard input")
    private @Nullable String sql;

    @Override
    public Integer call() {
        CommandSpec command = command();
        if (sql != null && file != null) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), "SQL and --file are both given, must be one of them");
        }
        if (maxBytes != null && maxBytes < 0) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), "--max-bytes = " + maxBytes + ", must be at least 0");
        }
        if (maxCost != null && maxCost.signum() < 0) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), "--max-cost = " + maxCost + ", must be at least 0");
        }
        try {
            CostEstimator.Builder estimator = CostEstimator.builder();
            if (maxBytes != null) {
                estimator.budgetBytes(maxBytes);
            }
            Pricing.Builder pricing = Pricing.builder(region);
            if (prices != null) {
                pricing.prices(reading(prices, PriceTable::read));
            }
            String text = text();
            if (text.isBlank()) {
                return fail("there is no query: give SQL, --file or standard input");
            }
            Catalog tables = reading(catalog(), Catalog::read);
            CostEstimate estimate = estimator.build().estimate(text, tables, pricing.build());
            PrintWriter out = command.commandLine().getOut();
            if (json) {
                out.println(estimate.toJson());
            } else {
                print(estimate, text, out);
            }
            out.flush();
            return isOver(estimate) ? OVER_BUDGET : CommandLine.ExitCode.OK;
        } catch (UncheckedIOException e) {
            return fail(String.valueOf(e.getMessage()));
        } catch (BigQueryException | IllegalArgumentException e) {
            return fail(String.valueOf(e.getMessage()));
        }
    }

    private int fail(String message) {
        PrintWriter err = command().commandLine().getErr();
        err.println(message);
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private CommandSpec command() {
        if (spec == null) {
            throw new IllegalStateException("not started by the command line");
        }
        return spec;
    }

    private Path catalog() {
        if (catalog == null) {
            throw new IllegalStateException("--catalog is required");
        }
        return catalog;
    }

    private String text() {
        if (sql != null) {
            return sql;
        }
        String text = file != null
                ? reading(file, Files::readString)
                : reading(Path.of("standard input"), input -> decoded(System.in.readAllBytes()));
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    private static String decoded(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(Path file) throws IOException;
    }

    /** {@return what is in a file; what is wrong with it is said with its name} */
    private static <T> T reading(Path file, Reading<T> how) {
        try {
            return how.read(file);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new UncheckedIOException(file + ": is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (BigQueryException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), new IOException(e));
        }
    }

    private boolean isOver(CostEstimate estimate) {
        CostBytes billed = estimate.billedBytes();
        boolean bytes = maxBytes != null && (!billed.isBounded() || billed.upper() > maxBytes);
        boolean cost = maxCost != null
                && estimate.money()
                        .upper()
                        .map(upper -> upper.compareTo(maxCost) > 0)
                        .orElse(true);
        return bytes || cost;
    }

    private static void print(CostEstimate estimate, String text, PrintWriter out) {
        out.println("reads    " + range(estimate.bytes()) + "  " + estimate.accuracy());
        out.println("billed   " + range(estimate.billedBytes()));
        CostMoney money = estimate.money();
        out.println("costs    "
                + money.expected().setScale(6, RoundingMode.HALF_UP).toPlainString() + " "
                + money.currency()
                + money.upper()
                        .map(upper -> ", at most "
                                + upper.setScale(6, RoundingMode.UP).toPlainString())
                        .orElse(", without bound")
                + "  (" + money.region() + " at " + money.perTib().toPlainString() + " per TiB, prices of "
                + money.priceDate() + ")");
        List<String> obstacles = estimate.cacheObstacles();
        out.println("cached   " + (obstacles.isEmpty() ? "may be" : "no: " + String.join("; ", obstacles)));
        for (TableCost table : estimate.tables()) {
            out.println("table    " + table.table() + "  " + range(table.bytes()) + partitions(table));
            for (TableCost.Leaf leaf : table.leaves()) {
                out.println("         " + leaf.path() + "  " + range(leaf.bytes()));
            }
        }
        for (CostWarning warning : estimate.warnings()) {
            out.println(warning.severity().name().toLowerCase(Locale.ROOT) + "  " + place(text, warning.start()) + " "
                    + warning.id() + ": " + warning.reason()
                    + warning.rewrite().map(rewrite -> " Instead: " + rewrite).orElse("")
                    + (warning.savesBytes().orElse(0) > 0
                            ? " Saves " + size(warning.savesBytes().getAsLong()) + "."
                            : ""));
        }
        if (!estimate.assumptions().isEmpty()) {
            out.println("assumes  " + estimate.assumptions().stream().sorted().toList());
        }
    }

    private static String partitions(TableCost table) {
        return table.partitionCount() == 0
                ? ""
                : "  " + table.partitions().size() + " of " + table.partitionCount() + " partitions";
    }

    /** Line and column, from 1. */
    private static String place(String text, int at) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return line + ":" + (at - start + 1);
    }

    private static String range(CostBytes bytes) {
        if (bytes.isExact()) {
            return size(bytes.expected());
        }
        return size(bytes.expected()) + " (" + size(bytes.lower()) + " to "
                + (bytes.isBounded() ? size(bytes.upper()) : "any number") + ")";
    }

    private static String size(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        double value = bytes;
        int unit = -1;
        while (value >= 1024) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f %s", value, units[unit]);
    }
}
