package dev.tentpole.examples;

import dev.tentpole.examples.bigquery.BigQueryCommand;
import dev.tentpole.examples.promql.PromQlCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line: starts Big Tent and stops it on Ctrl-C, or works on queries of Prometheus and BigQuery.
 */
@Command(
        name = "bigtent",
        mixinStandardHelpOptions = true,
        description =
                "A data source over MySQL, a REST API, Prometheus and BigQuery that watches the machine it runs on.",
        subcommands = {PromQlCommand.class, BigQueryCommand.class})
public final class Main implements Callable<Integer> {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    @Option(
            names = "--port",
            defaultValue = "${env:BIGTENT_PORT:-8080}",
            description = "port on 127.0.0.1, 0 for a free one; default: $BIGTENT_PORT, or 8080")
    private int port;

    @Option(
            names = "--mysql-url",
            description = "jdbc:mariadb://host:port/database?user=…&password=… instead of the embedded MariaDB")
    private @Nullable String mysqlUrl;

    @Option(
            names = "--prometheus-url",
            description = "http://host:port/ instead of a prometheus that is found on the PATH and started")
    private @Nullable URI prometheusUrl;

    @Option(names = "--rest-url", description = "http://host:port/ instead of Big Tent's own inventory")
    private @Nullable URI restUrl;

    @Option(
            names = "--bigquery-catalog",
            paramLabel = "FILE",
            description = "tables in YAML or JSON, to tell what BigQuery queries cost, without credentials")
    private @Nullable Path bigQueryCatalog;

    @Option(names = "--bigquery-project", description = "the project that runs and pays BigQuery queries")
    private @Nullable String bigQueryProject;

    @Option(
            names = "--bigquery-key",
            paramLabel = "FILE",
            description = "a service account's key; default: tokens of the metadata server, in Google's cloud")
    private @Nullable Path bigQueryKey;

    @Option(names = "--bigquery-location", description = "where BigQuery queries run, and the region of the price")
    private @Nullable String bigQueryLocation;

    private Main() {}

    /**
     * Starts Big Tent and returns once it has stopped, or runs a subcommand.
     *
     * @param args options, see {@code --help}
     */
    public static void main(String[] args) {
        int exit = new CommandLine(new Main()).execute(args);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    /**
     * Runs until it is stopped.
     *
     * @return the exit code
     */
    @Override
    public Integer call() {
        Options options;
        try {
            options = new Options(
                    port,
                    Optional.ofNullable(mysqlUrl),
                    Optional.ofNullable(prometheusUrl),
                    Optional.ofNullable(restUrl),
                    new BigQuerySettings(
                            Optional.ofNullable(bigQueryProject),
                            Optional.ofNullable(bigQueryKey),
                            Optional.ofNullable(bigQueryCatalog),
                            Optional.ofNullable(bigQueryLocation),
                            Optional.empty()));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(stopOf(Thread.currentThread(), done));
        System.out.println("Big Tent is starting…");
        try (BigTent bigTent = BigTent.start(options)) {
            bigTent.describe().forEach(System.out::println);
            System.out.println("Big Tent is ready, Ctrl-C stops it: " + bigTent.address());
            bigTent.awaitStop();
            return CommandLine.ExitCode.OK;
        } catch (InterruptedException e) {
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        } finally {
            done.countDown();
        }
    }

    /** Stops the thread that runs, at whatever point it is, and holds the JVM's end until it has cleaned up. */
    private static Thread stopOf(Thread running, CountDownLatch done) {
        return new Thread(
                () -> {
                    running.interrupt();
                    try {
                        if (!done.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
                            System.err.println("Big Tent did not stop within " + LONGEST_STOP.toSeconds() + " s");
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "tentpole-examples-stop");
    }
}
