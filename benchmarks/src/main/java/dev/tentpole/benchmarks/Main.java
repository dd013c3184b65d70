package dev.tentpole.benchmarks;

import dev.tentpole.benchmarks.cache.DashboardDay;
import dev.tentpole.benchmarks.cache.HitRatio;
import dev.tentpole.benchmarks.pool.PoolFairness;
import dev.tentpole.benchmarks.pool.PoolFaults;
import dev.tentpole.benchmarks.pool.PoolOnVirtualThreads;
import dev.tentpole.benchmarks.retry.StormSimulation;
import dev.tentpole.benchmarks.streaming.FanOut;
import dev.tentpole.benchmarks.streaming.ProducerTails;
import dev.tentpole.benchmarks.streaming.Soak;
import dev.tentpole.benchmarks.streaming.WebSocketFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The program in {@code benchmarks.jar}: runs benchmarks, or prints the tables of a run.
 */
public final class Main {

    private static final String USAGE = """
            usage: java -jar benchmarks.jar run RESULT.json [JMH options]
                   java -jar benchmarks.jar smoke [JMH options]
                   java -jar benchmarks.jar report RESULT.json [README.md ...]
                   java -jar benchmarks.jar simulate NAME [options]
            run       runs the benchmarks whose names match, writes results and machine to RESULT.json
            smoke     runs every benchmark once and fails if one throws
            report    prints the tables of a run, or writes them into the marked places of the given files
            simulate  prints the table of a simulation; without a known name, the names""";

    /**
     * A heap that is all there from the start: a virtual machine is given its memory page by page, by whoever touches a
     * page first, and that would be measured.
     */
    private static final String[] HEAP = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"};

    private static final List<Simulation> SIMULATIONS = List.of(
            new DashboardDay(),
            new HitRatio(),
            new StormSimulation(),
            new Soak(),
            new FanOut(),
            new ProducerTails(),
            new WebSocketFaults(),
            new PoolFairness(),
            new PoolOnVirtualThreads(),
            new PoolFaults());

    private Main() {}

    /**
     * Runs what the first argument names; without arguments prints how to use it.
     *
     * @param args see the usage text
     * @throws IOException if a file can't be read or written
     * @throws RunnerException if a benchmark fails
     * @throws CommandLineOptionException if JMH does not know an option
     */
    public static void main(String[] args) throws IOException, RunnerException, CommandLineOptionException {
        List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        String command = args.length == 0 ? "" : args[0];
        if (command.equals("run") && !rest.isEmpty()) {
            run(Path.of(rest.get(0)), rest.subList(1, rest.size()));
        } else if (command.equals("smoke")) {
            smoke(rest);
        } else if (command.equals("report") && !rest.isEmpty()) {
            report(Path.of(rest.get(0)), rest.stream().skip(1).map(Path::of).toList());
        } else if (command.equals("simulate") && !rest.isEmpty()) {
            simulate(rest.get(0), rest.subList(1, rest.size()));
        } else {
            System.err.println(USAGE);
            System.exit(2);
        }
    }

    private static void simulate(String name, List<String> options) {
        Optional<Simulation> found = SIMULATIONS.stream()
                .filter(simulation -> simulation.name().equals(name))
                .findFirst();
        if (found.isEmpty()) {
            System.err.println("no simulation " + name + "; there are "
                    + SIMULATIONS.stream().map(Simulation::name).collect(Collectors.joining(", ")));
            System.exit(2);
        }
        found.orElseThrow().run(System.out, options);
        // A thread of a peer that can't be ended must not keep the program: one inflates a message for many minutes.
        System.exit(0);
    }

    private static void run(Path result, List<String> options)
            throws IOException, RunnerException, CommandLineOptionException {
        Path raw = Files.createTempFile("tentpole-jmh", ".json");
        try {
            new Runner(options(options)
                            .jvmArgsPrepend(HEAP)
                            .addProfiler(GCProfiler.class)
                            .addProfiler(CpuProfiler.class)
                            .shouldFailOnError(true)
                            .resultFormat(ResultFormatType.JSON)
                            .result(raw.toString())
                            .build())
                    .run();
            String command = ("java -jar benchmarks/target/benchmarks.jar run " + result + " "
                            + String.join(" ", options))
                    .strip();
            Run.capture(command, raw).write(result);
        } finally {
            Files.deleteIfExists(raw);
        }
    }

    private static void smoke(List<String> options) throws RunnerException, CommandLineOptionException {
        int benchmarks = new Runner(options(options)
                        .shouldFailOnError(true)
                        // In this JVM: nothing is measured, and to start one for each takes most of the time.
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(50))
                        .build())
                .run()
                .size();
        System.out.println("Smoke run: " + benchmarks + " benchmarks ran once without an error.");
    }

    private static void report(Path result, List<Path> files) throws IOException {
        Report report = new Report(Run.read(result));
        if (files.isEmpty()) {
            System.out.println(report.all());
        }
        for (Path file : files) {
            Files.writeString(file, report.fill(Files.readString(file)));
        }
    }

    private static ChainedOptionsBuilder options(List<String> options) throws CommandLineOptionException {
        return new OptionsBuilder().parent(new CommandLineOptions(options.toArray(String[]::new)));
    }
}
