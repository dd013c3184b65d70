package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Agreement with the answers of real Prometheus servers, on a corpus that is not part of the project. What the module does
 * is stated by the other tests.
 */
final class ConformanceTest {

    private static final ParseOptions LEVEL_3_5 =
            ParseOptions.builder().level(LanguageLevel.PROMETHEUS_3_5).build();

    private static List<JsonNode> expressions = List.of();
    private static Corpus corpus;

    @BeforeAll
    static void read() {
        Assumptions.assumeTrue(
                Corpus.find().isPresent(), "no corpus: give its directory with -Dtentpole.corpus to run these tests");
        corpus = Corpus.find().orElseThrow();
        expressions = corpus.expressions();
        assertThat(expressions).hasSizeGreaterThan(1000);
    }

    /** {@return the records for which the check fails, as texts that are short enough to read} */
    private static List<String> failures(String field, BiPredicate<JsonNode, String> check) {
        List<String> failures = new ArrayList<>();
        int tried = 0;
        for (JsonNode record : expressions) {
            if (record.has(field)) {
                tried++;
                String query = Corpus.text(record, "expr");
                if (!check.test(record, query)) {
                    failures.add(query.length() > 200 ? query.substring(0, 200) + "…" : query);
                }
            }
        }
        System.out.println("conformance " + field + ": " + (tried - failures.size()) + " of " + tried);
        assertThat(tried).isPositive();
        return failures;
    }

    private static boolean isOk(JsonNode record, String field) {
        return record.path(field).asString("").equals("ok");
    }

    /** {@return whether the parser of Prometheus 3.5 broke down, or read letters in brackets as colons} */
    private static boolean isBugOf35(JsonNode record, String query) {
        return record.path("oracle_error").asString("").contains("unexpected error")
                || record.path("oracle_noflags_error").asString("").contains("unexpected error")
                || query.matches("(?s).*\\[\\s*[0-9]+\\w*\\s+[a-z].*\\].*");
    }

    @Test
    void what_prometheus_3_14_takes_is_taken_and_nothing_else() {
        assertThat(failures(
                        "oracle_3_14",
                        (record, query) -> isOk(record, "oracle_3_14")
                                == PromQl.tryParse(query).isValid()))
                .isEmpty();
    }

    @Test
    void what_a_3_14_server_without_flags_takes_is_taken_and_nothing_else() {
        ParseOptions options = ParseOptions.ofServer(LanguageLevel.PROMETHEUS_3_14);
        assertThat(failures("oracle_3_14", (record, query) -> {
                    String field = record.has("oracle_3_14_default") ? "oracle_3_14_default" : "oracle_3_14";
                    return isOk(record, field)
                            == PromQl.tryParse(query, options).isValid();
                }))
                .isEmpty();
    }

    @Test
    void what_prometheus_3_5_takes_is_taken_and_nothing_else_but_for_its_bugs() {
        assertThat(failures(
                        "oracle_3_5",
                        (record, query) -> isBugOf35(record, query)
                                || isOk(record, "oracle_3_5")
                                        == PromQl.tryParse(query, LEVEL_3_5).isValid()))
                .isEmpty();
    }

    @Test
    void what_a_3_5_server_without_flags_takes_is_taken_and_nothing_else_but_for_its_bugs() {
        ParseOptions options = ParseOptions.ofServer(LanguageLevel.PROMETHEUS_3_5);
        assertThat(failures("oracle_3_5", (record, query) -> {
                    String field = record.has("oracle_3_5_noflags") ? "oracle_3_5_noflags" : "oracle_3_5";
                    return isBugOf35(record, query)
                            || isOk(record, field)
                                    == PromQl.tryParse(query, options).isValid();
                }))
                .isEmpty();
    }

    @Test
    void trees_are_those_of_prometheus() {
        assertThat(failures(
                        "ast",
                        (record, query) -> AstForm.withoutPlaces(AstForm.of(record.get("ast")))
                                .equals(AstForm.withoutPlaces(AstForm.of(PromQl.parse(query))))))
                .isEmpty();
    }

    /** Prometheus counts a paren in that follows an offset in parens or with two signs; that is one range in ten thousand. */
    @Test
    void places_are_those_of_prometheus_but_for_offsets_in_parens_or_with_two_signs() {
        assertThat(failures(
                        "ast",
                        (record, query) -> AstForm.of(record.get("ast")).equals(AstForm.of(PromQl.parse(query)))))
                .allMatch(query -> query.matches("(?s).*offset\\s*([-+]*\\(.*\\)|[-+]\\s*[-+].*)\\s*\\).*"));
    }

    @Test
    void types_are_those_of_prometheus() {
        assertThat(failures(
                        "type",
                        (record, query) -> PromQl.parse(query)
                                .type()
                                .wireName()
                                .equals(record.get("type").asString())))
                .isEmpty();
    }

    /**
     * What differs is what Prometheus would read back as something else: lengths of parts of milliseconds and times that
     * are not a number, the empty selector of {@code info}, offsets that are calculated.
     */
    @Test
    void one_line_forms_are_those_of_prometheus_but_where_those_lose_the_meaning() {
        assertThat(failures(
                        "string_3_14",
                        (record, query) -> PromQl.parse(query)
                                        .toString()
                                        .equals(record.get("string_3_14").asString())
                                || losesMeaning(query, record.get("string_3_14").asString())))
                .isEmpty();
    }

    /** Whether the form of Prometheus is not read, or is read as something else than the query was. */
    private static boolean losesMeaning(String query, String form) {
        ParseResult again = PromQl.tryParse(form);
        return !again.isValid() || !again.orElseThrow().equals(PromQl.parse(query));
    }

    /** What differs beyond that is the indentation of short subqueries, which Prometheus leaves out. */
    @Test
    void pretty_forms_are_those_of_prometheus_but_for_indentation_of_subqueries() {
        assertThat(failures("string_3_14", (record, query) -> {
                    JsonNode form =
                            record.has("formatted_3_14") ? record.get("formatted_3_14") : record.get("formatted");
                    if (form == null || losesMeaning(query, form.asString())) {
                        return true;
                    }
                    String ours = PromQl.format(PromQl.parse(query));
                    return ours.equals(form.asString())
                            || differsInSubqueriesAlone(
                                    ours.split("\n", -1), form.asString().split("\n", -1));
                }))
                .isEmpty();
    }

    private static boolean differsInSubqueriesAlone(String[] ours, String[] theirs) {
        boolean alike = ours.length == theirs.length;
        for (int i = 0; alike && i < ours.length; i++) {
            alike = ours[i].equals(theirs[i]) || (ours[i].strip().equals(theirs[i]) && isSubquery(theirs[i]));
        }
        return alike;
    }

    /** {@return whether a line is a subquery, or one in a list of arguments} */
    private static boolean isSubquery(String line) {
        String bare = line.endsWith(",") ? line.substring(0, line.length() - 1) : line;
        return PromQl.tryParse(bare).expr().orElse(null) instanceof Expr.Subquery;
    }

    @Test
    void forms_are_read_back_as_the_same_tree() {
        assertThat(failures("string_3_14", (record, query) -> {
                    Expr expr = PromQl.parse(query);
                    Expr again = PromQl.parse(expr.toString());
                    return again.equals(expr)
                            && again.hashCode() == expr.hashCode()
                            && PromQl.parse(PromQl.format(expr, 10)).equals(expr);
                }))
                .isEmpty();
    }

    @Test
    void the_first_problem_is_where_prometheus_has_it() {
        assertThat(failures("errors_3_14", (record, query) -> {
                    List<Problem> problems = PromQl.tryParse(query).problems();
                    JsonNode first = record.get("errors_3_14").get(0);
                    return first.get("start").asInt() == problems.get(0).range().startByte();
                }))
                .isEmpty();
    }

    /** What differs is the naming of the end of the input, and of bytes that are not UTF-8. */
    @Test
    void the_first_problem_is_the_one_of_prometheus() {
        List<String> failures = failures(
                "errors_3_14",
                (record, query) -> substance(
                                record.get("errors_3_14").get(0).get("msg").asString())
                        .equals(substance(
                                PromQl.tryParse(query).problems().get(0).message())));
        assertThat(failures).allMatch(query -> query.endsWith("!") || query.contains("{\uDCFF="));
    }

    /** Leaves out what is ours on purpose: no literals in messages, and no names of Go's functions. */
    private static String substance(String message) {
        return message.replaceAll("strconv.ParseFloat: parsing \"[^\"]*\": ", "")
                .replaceAll("unexpected string \"(\\\\.|[^\"\\\\])*\"(\\.\\.\\.)?", "unexpected string")
                .replaceAll(": `[^`]*`$", "");
    }

    @Test
    void printed_pairs_agree() {
        for (JsonNode pair : corpus.file("print-pairs.jsonl")) {
            Expr expr = PromQl.parse(pair.get("in").asString());
            boolean pretty = pair.get("mode").asString().equals("pretty");
            assertThat(pretty ? PromQl.format(expr, pair.get("width").asInt()) : expr.toString())
                    .isEqualTo(pair.get("out").asString());
        }
    }

    @Test
    void bare_selectors_agree() {
        for (JsonNode record : corpus.file("selectors.jsonl")) {
            String text = Corpus.text(record, "expr");
            boolean valid = true;
            List<List<String>> matchers = List.of();
            try {
                matchers = PromQl.parseSelector(text).allMatchers().stream()
                        .map(matcher -> List.of(matcher.name(), matcher.op().symbol(), matcher.value()))
                        .toList();
            } catch (PromQlException e) {
                valid = false;
            }
            assertThat(valid).as(text).isEqualTo(isOk(record, "oracle_3_14"));
            if (valid) {
                List<List<String>> expected = new ArrayList<>();
                record.get("matchers").forEach(matcher -> {
                    List<String> parts = new ArrayList<>();
                    matcher.forEach(part -> parts.add(part.asString()));
                    expected.add(parts);
                });
                assertThat(matchers).as(text).isEqualTo(expected);
            }
        }
    }
}
