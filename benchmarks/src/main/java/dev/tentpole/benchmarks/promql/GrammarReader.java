package dev.tentpole.benchmarks.promql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.antlr.v4.Tool;

/**
 * A parser that ANTLR makes, while the benchmark is set up, of the PromQL grammar in the repository {@code grammars-v4},
 * which nobody publishes as a library: {@code -Dtentpole.grammar} names the folder with its two files.
 */
final class GrammarReader implements QueryReader {

    private static final String ADAPTER = """
            import org.antlr.v4.runtime.*;
            public final class Adapter implements java.util.function.Function<String, Object> {
                @Override
                public Object apply(String query) {
                    PromQLLexer lexer = new PromQLLexer(CharStreams.fromString(query));
                    lexer.removeErrorListeners();
                    PromQLParser parser = new PromQLParser(new CommonTokenStream(lexer));
                    parser.removeErrorListeners();
                    Object tree = parser.expression();
                    return parser.getNumberOfSyntaxErrors() == 0 ? tree : "";
                }
            }
            """;

    private final Function<String, Object> adapter;

    private GrammarReader(Function<String, Object> adapter) {
        this.adapter = adapter;
    }

    /** {@return whether the grammar is there} */
    static boolean isAvailable() {
        return !System.getProperty("tentpole.grammar", "").isBlank();
    }

    static GrammarReader create() {
        if (!isAvailable()) {
            throw new IllegalStateException("peer = grammars-v4 needs java -Dtentpole.grammar=DIRECTORY, the"
                    + " folder promql of the repository antlr/grammars-v4");
        }
        Path grammar = Path.of(System.getProperty("tentpole.grammar"));
        try {
            Path folder = Files.createTempDirectory("tentpole-grammar-");
            try {
                return new GrammarReader(compiled(grammar, folder));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Function<String, Object> compiled(Path grammar, Path folder) throws IOException {
        for (String name : List.of("PromQLLexer", "PromQLParser")) {
            Files.copy(grammar.resolve(name + ".g4"), folder.resolve(name + ".g4"));
            Tool tool = new Tool(new String[] {
                "-lib",
                folder.toString(),
                "-o",
                folder.toString(),
                folder.resolve(name + ".g4").toString()
            });
            tool.processGrammarsOnCommandLine();
        }
        Files.writeString(folder.resolve("Adapter.java"), ADAPTER);
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "no compiler in this JDK");
        int status = compiler.run(
                null,
                null,
                null,
                "-nowarn",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-sourcepath",
                folder.toString(),
                "-d",
                folder.toString(),
                folder.resolve("Adapter.java").toString());
        if (status != 0) {
            throw new IllegalStateException("what ANTLR made of the grammar in " + grammar + " does not compile");
        }
        return load(folder);
    }

    @SuppressWarnings("unchecked") // The class is the one above.
    private static Function<String, Object> load(Path folder) throws IOException {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, GrammarReader.class.getClassLoader())) {
            Function<String, Object> adapter = (Function<String, Object>)
                    loader.loadClass("Adapter").getConstructor().newInstance();
            // All classes that parsing needs are loaded before the folder is gone.
            try (Stream<Path> classes = Files.list(folder)) {
                for (Path file : classes.toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".class")) {
                        loader.loadClass(name.substring(0, name.length() - ".class".length()));
                    }
                }
            }
            return adapter;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the parser that was just made cannot be loaded", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Override
    public Object read(String query) {
        return adapter.apply(query);
    }

    @Override
    public boolean accepts(String query) {
        return !adapter.apply(query).equals("");
    }
}
