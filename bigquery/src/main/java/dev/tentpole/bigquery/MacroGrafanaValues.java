package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Variables as Grafana writes them into a query: into texts, comments and names too.
 *
 * <p>First a word of its own stands for each, then its value, by the token in which the word is: as Grafana writes it if that leaves the
 * token as it is, escaped where that helps, and refused otherwise. Used by one thread.
 */
final class MacroGrafanaValues {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");
    private static final Pattern HARMLESS_IN_COMMENT = Pattern.compile("[A-Za-z0-9_.:, '-]*");
    private static final List<String> TIME_MACROS =
            List.of("$__timeFilter", "$__timeFrom", "$__timeTo", "$__timeGroup");
    private static final int MARK_LETTERS = 12;

    private final String sql;
    private final MacroContext context;
    private final List<MacroReference> references = new ArrayList<>();
    private final Set<MacroReference> timeColumns = new HashSet<>();
    private @Nullable MacroGrafanaPlaces places;
    private final String mark;
    private final boolean brackets;

    MacroGrafanaValues(String sql, MacroContext context) {
        this.sql = sql;
        this.context = context;
        this.mark = unusedWord(sql);
        this.brackets = sql.contains("[[");
    }

    /** By chance, so that nobody can write queries in which every word is used. */
    private static String unusedWord(String sql) {
        String word;
        do {
            char[] letters = new char[MARK_LETTERS];
            long random = ThreadLocalRandom.current().nextLong();
            for (int i = 0; i < MARK_LETTERS; i++) {
                letters[i] = (char) ('a' + (int) ((random >>> (4 * i)) & 0xf));
            }
            word = "q".concat(String.valueOf(letters));
        } while (sql.contains(word));
        return word;
    }

    /** {@return the query with a word in place of each variable that there is; of others Grafana leaves what is written} */
    String withPlaces() {
        StringBuilder out = null;
        int copied = 0;
        int at = nextSign(0);
        while (at < sql.length()) {
            MacroReference reference = MacroReference.at(sql, at);
            if (reference != null && isKnown(reference)) {
                out = out == null ? new StringBuilder(sql.length() + 64) : out;
                out.append(sql, copied, at)
                        .append(mark)
                        .append(references.size())
                        .append('z');
                requireNumbers(reference);
                references.add(reference);
                if (isTimeColumn(reference)) {
                    timeColumns.add(reference);
                }
                copied = reference.end();
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

    /** A variable of numbers has no other values, wherever it stands. */
    private void requireNumbers(MacroReference reference) {
        MacroContext.Variable variable = context.variable(reference.name());
        boolean good = variable == null
                || switch (variable.type()) {
                    case INT64, FLOAT64, NUMERIC, BIGNUMERIC ->
                        variable.values().stream()
                                .allMatch(value -> MacroLiterals.sent(variable.type(), value) != null);
                    default -> true;
                };
        if (!good) {
            throw MacroException.at(
                    sql, reference.start(), "a value of variable $" + reference.name() + " is no number");
        }
    }

    /** {@return whether it is all of the column with which a macro of time is called, which makes comparisons of it} */
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

    private boolean isKnown(MacroReference reference) {
        return context.variable(reference.name()) != null
                || !context.global(reference.name()).isEmpty();
    }

    /** {@return a text in which values stand for their words, whatever they are: to be read, and not to be put into a query} */
    String plain(String text) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, copied)) {
            MacroReference reference = references.get(number(text, at));
            out.append(text, copied, at).append(text(reference));
            copied = end(text, at);
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** {@return the query with the values where their words are} */
    String withValues(String text) {
        if (references.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 64);
        SqlTokenList tokens = SqlLexer.all(text);
        int copied = 0;
        int at = text.indexOf(mark);
        for (int i = 0; at >= 0; i++) {
            int end = tokens.end(i);
            if (at < end) {
                out.append(text, copied, tokens.start(i));
                append(out, text, tokens, i, at);
                copied = end;
                at = text.indexOf(mark, copied);
            }
        }
        return out.append(text, copied, text.length()).toString();
    }

    private void append(StringBuilder out, String text, SqlTokenList tokens, int i, int at) {
        SqlToken token = tokens.get(i);
        MacroReference reference = references.get(number(text, at));
        boolean alone = at == token.start() && end(text, at) == token.end();
        if (alone && token.kind() == Kind.WORD) {
            appendAlone(out, text, tokens, i, reference);
            return;
        }
        int start = out.length();
        int copied = token.start();
        List<MacroReference> all = new ArrayList<>();
        boolean fixed = false;
        for (int word = at; word >= 0 && word < token.end(); word = text.indexOf(mark, copied)) {
            MacroReference next = references.get(number(text, word));
            out.append(text, copied, word);
            fixed |= word > copied;
            all.add(next);
            if (!appendWithin(out, text, token, word, textWithin(token, next))) {
                throw refused(next);
            }
            copied = end(text, word);
        }
        out.append(text, copied, token.end());
        fixed |= copied < token.end();
        boolean name = token.kind() == Kind.WORD || token.kind() == Kind.DOLLAR || token.kind() == Kind.PARAMETER;
        // Values beside each other are a word by themselves; one with letters of the query's own can only be a name.
        boolean misplaced = name && !fixed && !isNamePlace(text, tokens, i, all);
        if (misplaced || (name && !isSafeName(out.substring(start), token.kind(), text, tokens, i))) {
            throw refused(reference);
        }
    }

    /** A word of which the value is a part. */
    private static boolean isSafeName(String name, Kind kind, String text, SqlTokenList tokens, int i) {
        String word = kind == Kind.WORD ? name : name.substring(1);
        return NAME.matcher(word).matches()
                && !SqlWords.isReserved(SqlText.upper(word))
                && isApart(text, tokens, i, word);
    }

    private boolean appendWithin(StringBuilder out, String text, SqlToken token, int at, String value) {
        switch (token.kind()) {
            case STRING, BYTES -> {
                return appendToText(out, text, token, at, value);
            }
            case QUOTED -> {
                boolean harmless = value.chars().noneMatch(c -> c == '`' || c == '\\' || Character.isISOControl(c));
                out.append(value);
                return harmless && backslashes(text, token.start(), at) % 2 == 0;
            }
            case COMMENT -> {
                out.append(value);
                return HARMLESS_IN_COMMENT.matcher(value).matches();
            }
            case WORD, DOLLAR, PARAMETER -> {
                out.append(value);
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private static boolean appendToText(StringBuilder out, String text, SqlToken token, int at, String value) {
        int quoteAt = token.start();
        boolean raw = false;
        while (text.charAt(quoteAt) != '\'' && text.charAt(quoteAt) != '"') {
            raw |= (text.charAt(quoteAt) | 0x20) == 'r';
            quoteAt++;
        }
        char quote = text.charAt(quoteAt);
        // A backslash of the query would escape what begins the value.
        if (backslashes(text, quoteAt, at) % 2 != 0) {
            return false;
        }
        if (!raw) {
            return MacroLiterals.appendEscaped(out, value, quote);
        }
        out.append(value);
        return value.indexOf(quote) < 0
                && !value.endsWith("\\")
                && value.chars().noneMatch(Character::isISOControl);
    }

    private static int backslashes(String text, int from, int at) {
        int count = 0;
        while (at - count > from && text.charAt(at - count - 1) == '\\') {
            count++;
        }
        return count;
    }

    /** A variable that is a token, or several of them, by itself. */
    private void appendAlone(StringBuilder out, String text, SqlTokenList tokens, int i, MacroReference reference) {
        MacroContext.Variable variable = context.variable(reference.name());
        if (variable == null) {
            // Grafana's own variables are numbers and intervals, unless a format makes more of them.
            String value = text(reference);
            if (!reference.format().isEmpty() && !NUMBER.matcher(value).matches()) {
                throw refused(reference);
            }
            out.append(value);
            return;
        }
        List<String> values = variable.values();
        boolean quotes = switch (reference.format()) {
            case "" -> variable.many();
            case "singlequote", "sqlstring", "doublequote" -> true;
            default -> false;
        };
        boolean listed = switch (reference.format()) {
            case "", "csv", "raw" -> true;
            default -> quotes;
        };
        if (!listed) {
            values = List.of(text(reference));
        }
        char quote = reference.format().equals("doublequote") ? '"' : '\'';
        for (int j = 0; j < values.size(); j++) {
            String value = quotes ? MacroLiterals.string(values.get(j), quote) : values.get(j);
            if (value == null
                    || (!quotes && !isPlain(text, tokens, i, reference, variable.type(), value))
                    || !isApart(text, tokens, i, value)) {
                throw refused(reference);
            }
            out.append(j == 0 ? "" : ",").append(value);
        }
        if (values.isEmpty()) {
            throw refused(reference);
        }
    }

    /** A name or a number; only a number where a value may be meant, since a column's name would make any comparison true. */
    private boolean isPlain(
            String text, SqlTokenList tokens, int i, MacroReference reference, TableField.Type type, String value) {
        if (NUMBER.matcher(value).matches()) {
            return true;
        }
        if (type == TableField.Type.BOOL) {
            return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
        }
        return type == TableField.Type.STRING
                && NAME.matcher(value).matches()
                && !SqlWords.isReserved(SqlText.upper(value))
                && isNamePlace(text, tokens, i, List.of(reference));
    }

    private boolean isNamePlace(String text, SqlTokenList tokens, int i, List<MacroReference> all) {
        MacroGrafanaPlaces known = places;
        if (known == null) {
            known = new MacroGrafanaPlaces(text, tokens);
            places = known;
        }
        boolean single = all.stream().allMatch(this::isSingle);
        return (single && timeColumns.containsAll(all)) || known.isName(tokens.get(i), single);
    }

    private boolean isSingle(MacroReference reference) {
        MacroContext.Variable variable = context.variable(reference.name());
        return variable == null || variable.values().size() == 1;
    }

    /** {@return whether nothing beside the token would become a part of the value, or the value of it} */
    private static boolean isApart(String text, SqlTokenList tokens, int i, String value) {
        int start = tokens.start(i);
        int end = tokens.end(i);
        char left = start == 0 ? ' ' : text.charAt(start - 1);
        char right = end == text.length() ? ' ' : text.charAt(end);
        char first = value.charAt(0);
        if (SqlLexer.isDigit(first)) {
            boolean path = left == '.' && start > 1 && !SqlLexer.isDigit(text.charAt(start - 2));
            return !SqlLexer.isWordPart(left) && (left != '.' || path) && right != '.' && !isQuote(right);
        }
        return first == '-'
                ? left != '-' && left != '.' && right != '.' && !isQuote(right)
                : !SqlLexer.isWordPart(left) && !isQuote(left) && !isQuote(right);
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    private int number(String text, int at) {
        return Integer.parseInt(text, at + mark.length(), end(text, at) - 1, 10);
    }

    private int end(String text, int at) {
        return text.indexOf('z', at + mark.length()) + 1;
    }

    /** {@return what stands for a variable within a token: Grafana quotes the values of a list wherever they are} */
    private String textWithin(SqlToken token, MacroReference reference) {
        MacroContext.Variable variable = context.variable(reference.name());
        boolean word = token.kind() == Kind.WORD || token.kind() == Kind.DOLLAR || token.kind() == Kind.PARAMETER;
        return variable != null && variable.many() && reference.format().isEmpty() && !word
                ? MacroFormats.quoted(variable.values())
                : text(reference);
    }

    /** {@return what Grafana writes for a variable} */
    private String text(MacroReference reference) {
        MacroContext.Variable variable = context.variable(reference.name());
        List<String> values = variable == null ? List.of(context.global(reference.name())) : variable.values();
        boolean many = variable != null && variable.many();
        String format = reference.format().isEmpty() ? "csv" : reference.format();
        String text = MacroFormats.format(reference.name(), values, many, format, reference.argument());
        if (text == null) {
            throw refused(reference);
        }
        return text;
    }

    private MacroException refused(MacroReference reference) {
        return MacroException.at(
                sql,
                reference.start(),
                "variable $" + reference.name() + " can't be written as Grafana does without changing the query");
    }
}
