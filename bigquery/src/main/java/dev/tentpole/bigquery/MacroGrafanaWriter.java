package dev.tentpole.bigquery;

import dev.tentpole.bigquery.MacroGrafanaValues.Known;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes values where words stand for them, by the token in which such a word is: as Grafana writes them if that leaves the token as it
 * is, escaped where that helps, and refused otherwise. Whether other tokens stay what they are is read from the query that is written,
 * by {@link MacroSeams}. Used by one thread, for one query.
 */
final class MacroGrafanaWriter {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");
    private static final Pattern HARMLESS_IN_COMMENT = Pattern.compile("[A-Za-z0-9_.:, '-]*");

    private final MacroGrafanaValues values;
    private final String text;
    private final int first;
    private final SqlTokenList tokens;
    private final SqlLexer lexer;
    private final MacroSeams seams;
    private final StringBuilder out;
    private @Nullable MacroGrafanaPlaces places;

    /**
     * Makes a writer.
     *
     * @param text the query with words in place of values
     * @param first where the first word is
     */
    MacroGrafanaWriter(MacroGrafanaValues values, String text, int first) {
        this.values = values;
        this.text = text;
        this.first = first;
        this.tokens = new SqlTokenList(text, MacroTokens.EXPECTED);
        this.lexer = MacroTokens.lexerBefore(text, first);
        this.seams = new MacroSeams(text, tokens, lexer);
        this.out = new StringBuilder(text.length() + 64);
    }

    /** {@return the query with the values} */
    String write() {
        int copied = 0;
        int i = 0;
        for (int at = first; at >= 0; at = values.next(text, copied)) {
            lexer.readBehind(at, tokens);
            while (tokens.end(i) <= at) {
                i++;
            }
            out.append(text, copied, tokens.start(i));
            append(i, at);
            copied = tokens.end(i);
        }
        String query = out.append(text, copied, text.length()).toString();
        MacroReference broken = seams.broken(query);
        if (broken != null) {
            throw values.refused(broken);
        }
        return query;
    }

    private void append(int i, int at) {
        Kind kind = tokens.kind(i);
        int tokenEnd = tokens.end(i);
        Known known = values.known(text, at);
        boolean alone = kind == Kind.WORD && at == tokens.start(i) && values.end(text, at) == tokenEnd;
        MacroSeams.Written written = seams.next(known.reference(), i, out.length(), alone);
        if (alone) {
            appendAlone(written, i, known);
            return;
        }
        int start = out.length();
        int copied = tokens.start(i);
        List<Known> parts = new ArrayList<>(2);
        boolean fixed = false;
        for (int word = at; word >= 0 && word < tokenEnd; word = values.next(text, copied)) {
            Known next = values.known(text, word);
            out.append(text, copied, word);
            fixed |= word > copied;
            parts.add(next);
            if (!appendWithin(i, word, textWithin(kind, next))) {
                throw values.refused(next.reference());
            }
            copied = values.end(text, word);
        }
        out.append(text, copied, tokenEnd);
        written.endsAt(out.length());
        fixed |= copied < tokenEnd;
        // Values beside each other are a word by themselves; one with letters of the query's own can only be a name.
        boolean misplaced = isName(kind) && !fixed && !isNamePlace(i, parts);
        if (misplaced || (isName(kind) && !isSafeName(out.substring(start), kind, i))) {
            throw values.refused(known.reference());
        }
    }

    private static boolean isName(Kind kind) {
        return kind == Kind.WORD || kind == Kind.DOLLAR || kind == Kind.PARAMETER;
    }

    /** A word of which the value is a part. */
    private boolean isSafeName(String name, Kind kind, int i) {
        String word = kind == Kind.WORD ? name : name.substring(1);
        return NAME.matcher(word).matches() && !SqlWords.isReserved(SqlText.upper(word)) && isApart(i, word.charAt(0));
    }

    private boolean appendWithin(int i, int at, String value) {
        switch (tokens.kind(i)) {
            case STRING, BYTES -> {
                return appendToText(tokens.start(i), at, value);
            }
            case QUOTED -> {
                boolean harmless = value.chars().noneMatch(c -> c == '`' || c == '\\' || Character.isISOControl(c));
                out.append(value);
                return harmless && backslashes(tokens.start(i), at) % 2 == 0;
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

    private boolean appendToText(int start, int at, String value) {
        int quoteAt = start;
        boolean raw = false;
        while (text.charAt(quoteAt) != '\'' && text.charAt(quoteAt) != '"') {
            raw |= (text.charAt(quoteAt) | 0x20) == 'r';
            quoteAt++;
        }
        char quote = text.charAt(quoteAt);
        // A backslash of the query would escape what begins the value.
        if (backslashes(quoteAt, at) % 2 != 0) {
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

    private int backslashes(int from, int at) {
        int count = 0;
        while (at - count > from && text.charAt(at - count - 1) == '\\') {
            count++;
        }
        return count;
    }

    /** A variable that is a token, or several of them, by itself. */
    private void appendAlone(MacroSeams.Written written, int i, Known known) {
        MacroReference reference = known.reference();
        String format = reference.format();
        boolean quotes = switch (format) {
            case "" -> known.variable().many();
            case "singlequote", "sqlstring", "doublequote" -> !known.own();
            default -> false;
        };
        boolean listed = switch (format) {
            case "", "csv", "raw" -> true;
            default -> quotes;
        };
        List<String> texts = listed ? known.variable().values() : List.of(values.text(known));
        char quote = format.equals("doublequote") ? '"' : '\'';
        for (int j = 0; j < texts.size(); j++) {
            String value = texts.get(j);
            if (j > 0) {
                out.append(',');
                written.endsAt(out.length());
            }
            boolean good = quotes ? appendQuoted(i, value, quote) : appendPlain(written, i, known, value);
            if (!good) {
                throw values.refused(reference);
            }
            written.endsAt(out.length());
        }
        if (texts.isEmpty()) {
            throw values.refused(reference);
        }
    }

    private boolean appendQuoted(int i, String value, char quote) {
        boolean good = isApart(i, quote) && MacroLiterals.appendEscaped(out.append(quote), value, quote);
        out.append(quote);
        return good;
    }

    /** Appends a value without quotes, if it may have none; a sign before a number and the unit behind one are tokens by themselves. */
    private boolean appendPlain(MacroSeams.Written written, int i, Known known, String value) {
        if (!isPlain(i, known, value) || !isApart(i, value.charAt(0))) {
            return false;
        }
        int start = out.length();
        out.append(value);
        int unit = value.startsWith("-") ? 1 : 0;
        if (unit == 1) {
            written.endsAt(start + 1);
        }
        int digits = unit;
        while (digits < value.length() && SqlLexer.isDigit(value.charAt(digits))) {
            digits++;
        }
        if (digits > 0 && digits < value.length() && SqlLexer.isWordStart(value.charAt(digits))) {
            written.endsAt(start + digits);
        }
        return true;
    }

    /** A name or a number; only a number where a value may be meant, since a column's name would make any comparison true. */
    private boolean isPlain(int i, Known known, String value) {
        if (NUMBER.matcher(value).matches()) {
            return true;
        }
        if (known.own()) {
            // Grafana's own variables are numbers and intervals, unless a format makes more of them.
            return known.reference().format().isEmpty();
        }
        if (known.variable().type() == TableField.Type.BOOL) {
            return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
        }
        return known.variable().type() == TableField.Type.STRING
                && NAME.matcher(value).matches()
                && !SqlWords.isReserved(SqlText.upper(value))
                && isNamePlace(i, List.of(known));
    }

    private boolean isNamePlace(int i, List<Known> parts) {
        MacroGrafanaPlaces known = places;
        if (known == null) {
            known = new MacroGrafanaPlaces(text, SqlLexer.all(text));
            places = known;
        }
        boolean single =
                parts.stream().allMatch(part -> part.variable().values().size() == 1);
        return (single && parts.stream().allMatch(Known::timeColumn)) || known.isName(tokens.get(i), single);
    }

    /** {@return whether no text or number is right beside the token, nor a dot before a sign} */
    private boolean isApart(int i, char first) {
        int start = tokens.start(i);
        int end = tokens.end(i);
        char left = start == 0 ? ' ' : text.charAt(start - 1);
        char right = end == text.length() ? ' ' : text.charAt(end);
        return !SqlLexer.isWordPart(left) && !isQuote(left) && !isQuote(right) && (first != '-' || left != '.');
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    /** {@return what stands for a variable within a token: Grafana quotes the values of a list wherever they are} */
    private String textWithin(Kind kind, Known known) {
        boolean quoted = known.variable().many() && known.reference().format().isEmpty() && !isName(kind);
        return quoted ? MacroFormats.quoted(known.variable().values()) : values.text(known);
    }
}
