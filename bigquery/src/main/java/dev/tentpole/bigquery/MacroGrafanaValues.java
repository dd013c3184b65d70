package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Variables as Grafana writes them into a query: into texts, comments and names too.
 *
 * <p>First a word of its own stands for each, so that no value is taken for a macro; then {@link MacroGrafanaWriter} puts the values
 * there. Used by one thread.
 */
final class MacroGrafanaValues {

    private static final List<String> TIME_MACROS =
            List.of("$__timeFilter", "$__timeFrom", "$__timeTo", "$__timeGroup");
    private static final int MARK_LETTERS = 12;

    /** The word for queries that don't have it already. */
    private static final String USUAL = anyWord();

    private final String sql;
    private final MacroContext context;
    private final List<Known> all = new ArrayList<>();
    private final String mark;
    private final boolean brackets;

    /**
     * A reference to a variable that there is.
     *
     * @param own whether the variable is one of Grafana's own, such as {@code $__from}
     * @param timeColumn whether it is all of the column with which a macro of time is called, which makes comparisons of it
     */
    record Known(MacroReference reference, MacroContext.Variable variable, boolean own, boolean timeColumn) {}

    MacroGrafanaValues(String sql, MacroContext context) {
        this.sql = sql;
        this.context = context;
        this.mark = unusedWord(sql);
        this.brackets = sql.contains("[[");
    }

    private static String unusedWord(String sql) {
        String word = USUAL;
        while (sql.contains(word)) {
            word = anyWord();
        }
        return word;
    }

    /** By chance, so that nobody can write queries in which every word is used. */
    private static String anyWord() {
        char[] letters = new char[MARK_LETTERS];
        long random = ThreadLocalRandom.current().nextLong();
        for (int i = 0; i < MARK_LETTERS; i++) {
            letters[i] = (char) ('a' + (int) ((random >>> (4 * i)) & 0xf));
        }
        return "q".concat(String.valueOf(letters));
    }

    /** {@return the query with a word in place of each variable that there is; of others Grafana leaves what is written} */
    String withPlaces() {
        StringBuilder out = null;
        int copied = 0;
        int at = nextSign(0);
        while (at < sql.length()) {
            MacroReference reference = MacroReference.at(sql, at);
            Known known = reference == null ? null : known(reference);
            if (known != null) {
                out = out == null ? new StringBuilder(sql.length() + 64) : out;
                out.append(sql, copied, at).append(mark).append(all.size()).append('z');
                all.add(known);
                copied = known.reference.end();
            }
            at = nextSign(reference == null ? at + 1 : reference.end());
        }
        return out == null ? sql : out.append(sql, copied, sql.length()).toString();
    }

    /** {@return where the next reference may begin, the text's length if none does} */
    private int nextSign(int from) {
        if (!brackets) {
            int dollar = sql.indexOf('$', from);
            return dollar < 0 ? sql.length() : dollar;
        }
        int at = from;
        while (at < sql.length() && sql.charAt(at) != '$' && !sql.startsWith("[[", at)) {
            at++;
        }
        return at;
    }

    private @Nullable Known known(MacroReference reference) {
        MacroContext.Variable variable = context.variable(reference.name());
        if (variable != null) {
            requireNumbers(reference, variable);
            return new Known(reference, variable, false, isTimeColumn(reference));
        }
        String value = context.global(reference.name());
        return value.isEmpty()
                ? null
                : new Known(
                        reference,
                        new MacroContext.Variable(TableField.Type.STRING, List.of(value), false),
                        true,
                        isTimeColumn(reference));
    }

    /** A variable of numbers has no other values, wherever it stands. */
    private void requireNumbers(MacroReference reference, MacroContext.Variable variable) {
        boolean good = switch (variable.type()) {
            case INT64, FLOAT64, NUMERIC, BIGNUMERIC ->
                variable.values().stream().allMatch(value -> MacroLiterals.sent(variable.type(), value) != null);
            default -> true;
        };
        if (!good) {
            throw MacroException.at(
                    sql, reference.start(), "a value of variable $" + reference.name() + " is no number");
        }
    }

    private boolean isTimeColumn(MacroReference reference) {
        int start = reference.start();
        while (start > 0 && Character.isWhitespace(sql.charAt(start - 1))) {
            start--;
        }
        int end = reference.end();
        while (end < sql.length() && Character.isWhitespace(sql.charAt(end))) {
            end++;
        }
        int open = start - 1;
        return open >= 0
                && sql.charAt(open) == '('
                && end < sql.length()
                && (sql.charAt(end) == ')' || sql.charAt(end) == ',')
                && isTimeMacro(open);
    }

    private boolean isTimeMacro(int end) {
        for (String macro : TIME_MACROS) {
            if (sql.startsWith(macro, end - macro.length())) {
                return true;
            }
        }
        return false;
    }

    /** {@return a text in which values stand for their words, whatever they are: to be read, and not to be put into a query} */
    String plain(String text) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, copied)) {
            out.append(text, copied, at).append(text(known(text, at)));
            copied = end(text, at);
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** {@return the query with the values where their words are} */
    String withValues(String text) {
        int first = all.isEmpty() ? -1 : text.indexOf(mark);
        return first < 0 ? text : new MacroGrafanaWriter(this, text, first).write();
    }

    /** {@return where the next word is that stands for a value, -1 for none} */
    int next(String text, int from) {
        return text.indexOf(mark, from);
    }

    /** {@return what the word at a place stands for} */
    Known known(String text, int at) {
        return all.get(Integer.parseInt(text, at + mark.length(), end(text, at) - 1, 10));
    }

    /** {@return where the word at a place ends} */
    int end(String text, int at) {
        return text.indexOf('z', at + mark.length()) + 1;
    }

    /** {@return what Grafana writes for a variable} */
    String text(Known known) {
        MacroReference reference = known.reference;
        MacroContext.Variable variable = known.variable;
        String format = reference.format().isEmpty() ? "csv" : reference.format();
        String text =
                MacroFormats.format(reference.name(), variable.values(), variable.many(), format, reference.argument());
        if (text == null) {
            throw refused(reference);
        }
        return text;
    }

    MacroException refused(MacroReference reference) {
        return MacroException.at(
                sql,
                reference.start(),
                "variable $" + reference.name() + " can't be written as Grafana does without changing the query");
    }
}
