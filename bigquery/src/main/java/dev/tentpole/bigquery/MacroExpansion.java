package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One query being expanded: its tokens are walked once, everything but macros and variables is copied as it is. Used by one
 * thread.
 *
 * <p>What is put in is whole tokens, and stays so: where what stands beside it would become a part of them, it is refused, or
 * kept apart by a space if it is a sign. As the macros of an argument may be written twice, their nesting and the length of
 * the whole have limits.
 */
final class MacroExpansion {

    private static final int DEEPEST = 20;
    private static final String UNNEST = "UNNEST";

    /** Formats that leave a single value as it is. */
    private static final Set<String> PLAIN_FORMATS = Set.of("csv", "raw", "text", "pipe", "join");

    /** BigQuery takes queries of up to 1 MiB. */
    private static final int LONGEST = 4 << 20;

    /** So much longer a query is expected to become. */
    private static final int EXPANSION = 160;

    private final String sql;
    private final MacroContext context;
    private final SqlTokenList tokens;
    /** The names of the query's own parameters in small letters, whose values are sent by somebody else. */
    private final Set<String> taken;

    private final Map<String, SqlParameter> parameters = new LinkedHashMap<>();
    private final MacroTimes times;
    private final MacroVariables variables;
    private int depth;

    MacroExpansion(MacroEngine engine, String sql, MacroContext context) {
        this.sql = sql;
        this.context = context;
        boolean own = sql.indexOf('@') >= 0;
        this.tokens = own || sql.contains("[[") ? SqlLexer.all(sql) : MacroTokens.atDollars(sql);
        this.taken = own ? ownParameters() : Set.of();
        this.times = new MacroTimes(engine, context, this);
        this.variables = new MacroVariables(engine, context, this);
    }

    MacroQuery expand() {
        StringBuilder out = new StringBuilder(sql.length() + EXPANSION);
        range(out, 0, tokens.size() - 1, 0, sql.length(), true);
        return new MacroQuery(out.toString(), List.copyOf(parameters.values()));
    }

    private Set<String> ownParameters() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.kind(i) == Kind.PARAMETER) {
                names.add(SqlText.lower(tokens.text(i).substring(1).replace("`", "")));
            }
        }
        return names;
    }

    /**
     * Appends how the query refers to a value that is sent beside it.
     *
     * <p>Names of parameters know no case, so that another value never comes under a name that is taken.
     */
    void bind(StringBuilder out, SqlParameter wanted) {
        SqlParameter parameter = wanted;
        for (int i = 2; ; i++) {
            String name = SqlText.lower(parameter.name());
            if (!taken.contains(name)) {
                SqlParameter known = parameters.putIfAbsent(name, parameter);
                if (known == null) {
                    out.append('@').append(parameter.name());
                    return;
                }
                if (known.type() == wanted.type()
                        && known.array() == wanted.array()
                        && known.values().equals(wanted.values())) {
                    out.append('@').append(known.name());
                    return;
                }
            }
            parameter = new SqlParameter(wanted.name() + "_" + i, wanted.type(), wanted.array(), wanted.values(), true);
        }
    }

    MacroException refused(int offset, String problem) {
        return MacroException.at(sql, offset, problem);
    }

    /** Expands the tokens from one to below another, and the text around them. */
    private void range(StringBuilder out, int first, int last, int start, int end, boolean comments) {
        int copied = start;
        for (int i = first; i < last; i++) {
            int at = tokens.start(i);
            if (at < copied) {
                // Belongs to what has been expanded already.
                continue;
            }
            Kind kind = tokens.kind(i);
            if (kind == Kind.DOLLAR) {
                out.append(sql, copied, at);
                int before = out.length();
                copied = dollar(out, i);
                requireApart(out, before, i, copied);
            } else if (kind == Kind.SYMBOL && sql.charAt(at) == '[') {
                MacroReference reference = bracketed(at);
                if (reference != null) {
                    out.append(sql, copied, at);
                    int before = out.length();
                    variables.append(out, reference, isUnnested(i, reference.end()));
                    copied = reference.end();
                    requireApart(out, before, i, copied);
                }
            } else if (kind == Kind.COMMENT && !comments) {
                // Within a macro's arguments it would swallow what comes behind them.
                out.append(sql, copied, at).append(' ');
                copied = tokens.end(i);
            }
        }
        out.append(sql, copied, end);
    }

    /** {@return where what was expanded ends} */
    private int dollar(StringBuilder out, int i) {
        int start = tokens.start(i);
        int nameEnd = tokens.end(i);
        if (nameEnd - start == 1) {
            if (sql.startsWith("$__", nameEnd)) {
                // Escaped: the second dollar sign and its name are left alone.
                out.append(sql, nameEnd, tokens.end(i + 1));
                return tokens.end(i + 1);
            }
            if (sql.startsWith("{", nameEnd)) {
                return braced(out, i);
            }
            throw refused(start, "a dollar sign that begins neither a macro nor a variable");
        }
        String name = sql.substring(start + 1, nameEnd);
        if (!name.startsWith("__") || context.variable(name) != null) {
            variables.append(out, new MacroReference(name, "", "", start, nameEnd), isUnnested(i, nameEnd));
            return nameEnd;
        }
        List<String> arguments = List.of();
        int end = nameEnd;
        if (tokens.start(i + 1) == nameEnd && tokens.isSymbol(i + 1, '(')) {
            arguments = new ArrayList<>(2);
            end = arguments(i, name, arguments);
        }
        if (!times.append(out, name, arguments, start)
                && (end > nameEnd || !variables.appendGlobal(out, name, "", "", start))) {
            throw refused(start, "there is no macro $" + name);
        }
        return end;
    }

    private int braced(StringBuilder out, int i) {
        int start = tokens.start(i);
        MacroReference reference = MacroReference.at(sql, start);
        if (reference == null) {
            throw refused(start, "a variable must be ${name}, ${name:format} or ${name:format:argument}");
        }
        int brace = i + 1;
        while (tokens.start(brace) < reference.end() - 1) {
            brace++;
        }
        if (tokens.start(brace) != reference.end() - 1) {
            // Whoever reads the query as SQL sees a text or a comment begin in it.
            throw refused(start, "the argument of a format can't have quotes or a comment's beginning");
        }
        if (context.variable(reference.name()) != null
                || !variables.appendGlobal(out, reference.name(), reference.format(), reference.argument(), start)) {
            variables.append(out, reference, isUnnested(i, reference.end()));
        }
        return reference.end();
    }

    private @Nullable MacroReference bracketed(int at) {
        MacroReference reference = sql.startsWith("[[", at) ? MacroReference.at(sql, at) : null;
        return reference != null && context.variable(reference.name()) != null ? reference : null;
    }

    /** Collects the arguments of a macro, whose opening parenthesis is the next token, {@return where they end}. */
    private int arguments(int macro, String name, List<String> arguments) {
        if (++depth > DEEPEST) {
            throw refused(tokens.start(macro), "macros within macros, deeper than " + DEEPEST);
        }
        int brackets = 0;
        int first = macro + 2;
        for (int i = macro + 1; i < tokens.size(); i++) {
            Kind kind = tokens.kind(i);
            if (kind == Kind.END || kind == Kind.UNTERMINATED) {
                break;
            }
            char symbol = kind == Kind.SYMBOL ? sql.charAt(tokens.start(i)) : ' ';
            if (symbol == '(' || symbol == '[' || symbol == '{') {
                brackets++;
            } else if (symbol == ')' || symbol == ']' || symbol == '}') {
                brackets--;
            }
            boolean closes = brackets == 0;
            if (closes && symbol != ')') {
                break;
            }
            if (closes || (brackets == 1 && symbol == ',')) {
                if (!closes || i > macro + 2) {
                    boolean interval = arguments.size() == 1 && name.equals("__timeGroup");
                    arguments.add(interval ? interval(first, i) : argument(first, i));
                }
                first = i + 1;
            }
            if (closes) {
                depth--;
                return tokens.end(i);
            }
        }
        throw refused(tokens.start(macro), "the macro's arguments lack their closing parenthesis");
    }

    /** An interval is no value of the query but says what the query is: a variable's value is read here, and is no parameter. */
    private String interval(int first, int last) {
        if (first == last) {
            return "";
        }
        int start = tokens.start(first);
        int end = tokens.end(last - 1);
        if (tokens.kind(first) == Kind.STRING) {
            start++;
            end--;
        }
        MacroReference reference = start < end ? MacroReference.at(sql, start) : null;
        MacroContext.Variable variable =
                reference == null || reference.end() != end ? null : context.variable(reference.name());
        if (reference == null || variable == null) {
            return argument(first, last);
        }
        boolean plain = reference.format().isEmpty() || PLAIN_FORMATS.contains(reference.format());
        if (!plain
                || variable.values().size() != 1
                || MacroDurations.parse(variable.values().get(0)) == null) {
            throw refused(tokens.start(first), "variable $" + reference.name() + " is no interval, such as 5m");
        }
        return variable.values().get(0);
    }

    private String argument(int first, int last) {
        if (first == last) {
            return "";
        }
        int start = tokens.start(first);
        int end = tokens.end(last - 1);
        if (last - first == 1 && tokens.kind(first) == Kind.WORD) {
            return sql.substring(start, end);
        }
        StringBuilder out = new StringBuilder(end - start + 16);
        range(out, first, last, start, end, false);
        return out.toString().strip();
    }

    /** {@return whether what begins at the token and ends at the place is all that is within {@code UNNEST(…)}} */
    private boolean isUnnested(int i, int end) {
        int open = codeBefore(i, tokens.start(i)) - 1;
        if (open < 0 || sql.charAt(open) != '(') {
            return false;
        }
        int word = codeBefore(i, open) - UNNEST.length();
        return word >= 0
                && sql.regionMatches(true, word, UNNEST, 0, UNNEST.length())
                && (word == 0 || !isJoined('_', sql.charAt(word - 1)))
                && isCode(i, word)
                && isClosed(end);
    }

    /** {@return where what is before a place ends, but for white space and comments, all of which have been read} */
    private int codeBefore(int i, int place) {
        int at = place;
        int token = i - 1;
        while (true) {
            while (at > 0 && SqlLexer.isSpace(sql.charAt(at - 1))) {
                at--;
            }
            while (token >= 0 && tokens.start(token) >= at) {
                token--;
            }
            if (token < 0 || tokens.kind(token) != Kind.COMMENT || tokens.end(token) != at) {
                return at;
            }
            at = tokens.start(token);
        }
    }

    /** {@return whether a place before a token is within no text or comment} */
    private boolean isCode(int i, int place) {
        int token = i - 1;
        while (token >= 0 && tokens.start(token) > place) {
            token--;
        }
        return token < 0 || tokens.start(token) == place || tokens.end(token) <= place;
    }

    private boolean isClosed(int from) {
        SqlLexer reader = new SqlLexer(sql, from);
        Kind kind = reader.next();
        while (kind == Kind.COMMENT) {
            kind = reader.next();
        }
        return kind == Kind.SYMBOL && sql.charAt(reader.end() - 1) == ')';
    }

    /** Refuses what has been put in if it would not be tokens of its own. */
    private void requireApart(StringBuilder out, int before, int token, int end) {
        int start = tokens.start(token);
        if (out.length() > LONGEST) {
            throw refused(start, "the query becomes longer than " + LONGEST + " characters");
        }
        if (out.length() == before) {
            return;
        }
        char first = out.charAt(before);
        boolean joinsLeft = before > 0 && isJoined(out.charAt(before - 1), first);
        boolean joinsRight = end < sql.length() && isJoined(out.charAt(out.length() - 1), sql.charAt(end));
        boolean decimal =
                SqlLexer.isDigit(first) && ((end < sql.length() && sql.charAt(end) == '.') || isBehindDot(token));
        if (joinsLeft || joinsRight || decimal) {
            throw refused(
                    start,
                    "what " + sql.substring(start, Math.min(end, start + 40))
                            + " stands for would become a part of what is right beside it");
        }
        if (before > 0 && isOneSign(out, before)) {
            out.insert(before, ' ');
        }
    }

    /** {@return whether the last code before a token is a dot, behind which a number would be a name} */
    private boolean isBehindDot(int token) {
        int end = codeBefore(token, tokens.start(token));
        return end > 0 && sql.charAt(end - 1) == '.';
    }

    /** {@return whether two signs would be read as one, or a sign and a number as the exponent of what is before} */
    private static boolean isOneSign(StringBuilder out, int at) {
        char sign = out.charAt(at - 1);
        char first = out.charAt(at);
        boolean exponent =
                (sign == '-' || sign == '+') && SqlLexer.isDigit(first) && at > 1 && (out.charAt(at - 2) | 0x20) == 'e';
        return exponent || (isSign(sign) && isSign(first));
    }

    /** {@return whether operators and comments of several characters are made of it} */
    private static boolean isSign(char c) {
        return switch (c) {
            case '+', '-', '*', '/', '<', '>', '=', '!', '|' -> true;
            default -> false;
        };
    }

    private static boolean isJoined(char left, char right) {
        boolean open = SqlLexer.isWordPart(left) || left == '@' || isQuote(left);
        return open && (SqlLexer.isWordPart(right) || right == '@' || isQuote(right));
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"' || c == '`';
    }
}
