package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What was a token before a value was beside it is one behind it, whatever the value and whatever stands around. */
final class MacroSeamsPropertyTest {

    private static final MacroEngine GRAFANA = MacroEngine.builder().grafana().build();
    private static final List<MacroEngine> ENGINES =
            List.of(MacroEngine.standard(), MacroEngine.builder().text().build(), GRAFANA);

    /** What stands for a value: a word; where values are literals and not in Grafana's way, also a number or a keyword. */
    private static final List<String> STANDING = List.of("q", " 7 ", " TRUE ");

    private static final List<String> REFERENCES = List.of(
            "$one",
            "${one}",
            "[[one]]",
            "${many}",
            "${one:raw}",
            "${many:csv}",
            "${one:sqlstring}",
            "${one:doublequote}",
            "${one:regex}",
            "${one:lucene}",
            "${number}",
            "${float}",
            "${flag}",
            "${bytes}",
            "$__from",
            "${__from}",
            "${__from:raw}",
            "${__to}",
            "${__interval}",
            "${__interval_ms}");

    @Property(tries = 10_000)
    void no_value_joins_or_parts_what_is_beside_it(
            @ForAll("surroundings") List<String> before,
            @ForAll("references") String reference,
            @ForAll("surroundings") List<String> behind,
            @ForAll("values") String one,
            @ForAll("numbers") String number,
            @ForAll boolean early) {
        String left = "SELECT " + String.join("", before);
        String right = String.join("", behind) + " AND x = 'y' -- \"\"\" '''";
        boolean goesOn = !reference.endsWith("}") && SqlLexer.isWordPart(right.charAt(0));
        Assume.that(!goesOn);
        MacroContext context = context(one, number, early);
        for (MacroEngine engine : ENGINES) {
            String expanded;
            try {
                expanded = engine.expand(left + reference + right, context).sql();
            } catch (MacroException e) {
                // Refusing a value is always safe.
                continue;
            }
            if (expanded.equals(left + reference + right)) {
                // Within a text or a comment, or no reference beside such neighbours.
                continue;
            }
            boolean empty = expanded.length() == left.length() + right.length();
            assertThat(engine.equals(GRAFANA) ? List.of("q") : STANDING)
                    .as(left + reference + right + " -> " + expanded)
                    .anySatisfy(word -> assertThat(around(left + word + right, left, right, empty))
                            .isEqualTo(around(expanded, left, right, empty)));
        }
    }

    /**
     * The tokens before a value, those behind it, and the one of which it is a part if there is one.
     *
     * @param empty whether to say of a place within the value that it is where the value begins, as it is if nothing is written
     */
    private static List<String> around(String sql, String left, String right, boolean empty) {
        int start = left.length();
        int end = sql.length() - right.length();
        return SqlLexer.all(sql).stream()
                .filter(token -> token.start() < start || token.end() > end)
                .map(token -> token.kind() + " " + place(token.start(), start, end, empty) + " "
                        + place(token.end(), start, end, empty))
                .toList();
    }

    private static String place(int at, int start, int end, boolean empty) {
        if (at < start || (at == start && !empty)) {
            return "" + at;
        }
        return at > end || (at == end && !empty) ? "end+" + (at - end) : "value";
    }

    private static MacroContext context(String one, String number, boolean early) {
        return MacroContext.builder(early ? Instant.EPOCH.minusSeconds(1) : Instant.EPOCH, Instant.ofEpochSecond(3600))
                .variable("one", one)
                .variable("many", one, "b")
                .variable("number", TableField.Type.INT64, List.of(number))
                .variable("float", TableField.Type.FLOAT64, List.of(number))
                .variable("flag", TableField.Type.BOOL, List.of("true"))
                .variable("bytes", TableField.Type.BYTES, List.of(one))
                .build();
    }

    @Provide
    Arbitrary<String> references() {
        return Arbitraries.of(REFERENCES);
    }

    @Provide
    Arbitrary<List<String>> surroundings() {
        String parts =
                "' \" ' \" '' ''' \"\"\" r b ` /* */ * / -- # - + . . .5 1. 1 0x 1e e e+ END t ) ( [ , @ $ < > = | ! : \\ /**/";
        return Arbitraries.oneOf(Arbitraries.of(parts.split(" ", -1)), Arbitraries.of(" ", "\n"))
                .list()
                .ofMaxSize(5);
    }

    /** What may join things, or lets them join. */
    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of(
                "", "a", "5", "5.5", "-5", "-5.5", "e5", "E5", "x5", "r", "b", "rb", "END", "-", "/", "*", ".", "'",
                "\"", "\\", "_", "5m");
    }

    @Provide
    Arbitrary<String> numbers() {
        return Arbitraries.of("0", "5", "-5", "1e5", "-1.5", "007");
    }
}
