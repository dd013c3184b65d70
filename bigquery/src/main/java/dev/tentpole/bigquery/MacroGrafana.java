package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Expands as version 3.3 of Grafana's plugin for BigQuery does, after what its macro engine is known to do: one macro after the
 * other, the one with the longest name first, each by replacing all of its occurrences in the text, texts and comments
 * included; arguments only behind a parenthesis that follows at once. Variables come before macros, as in the browser.
 *
 * <p>A value that Grafana would let end a text or be more than a word is escaped within quotes and refused elsewhere.
 */
final class MacroGrafana {

    /** Longest name first. */
    private static final List<Macro> MACROS = Stream.of(
                    "interval_ms", "timeFilter", "timeGroup", "interval", "timeFrom", "column", "timeTo", "table")
            .map(name -> new Macro(name, Pattern.compile("\\$__" + name + "\\b")))
            .toList();

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(\\w+)|\\$\\{(\\w+)(?::(\\w+)(?::([^}]*))?)?\\}|\\[\\[(\\w+)(?::(\\w+))?\\]\\]");
    private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9_]*(?:,[A-Za-z0-9_]+)*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");
    private static final Pattern HARMLESS = Pattern.compile("[^\\\\'\"`\\p{Cntrl}]*");
    private static final Pattern HARMLESS_IN_COMMENT = Pattern.compile("[A-Za-z0-9_.:, -]*");

    private static final DateTimeFormatter RFC3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private record Macro(String name, Pattern pattern) {}

    private final String original;
    private final MacroContext context;

    private MacroGrafana(String original, MacroContext context) {
        this.original = original;
        this.context = context;
    }

    static MacroQuery expand(String sql, MacroContext context) {
        MacroGrafana grafana = new MacroGrafana(sql, context);
        String text = grafana.variables();
        for (Macro macro : MACROS) {
            text = grafana.macro(text, macro.name, macro.pattern);
        }
        return new MacroQuery(text, List.of());
    }

    private MacroException refused(int offset, String problem) {
        return MacroException.at(original, Math.min(offset, original.length()), problem);
    }

    private String macro(String sql, String name, Pattern pattern) {
        if (!sql.contains("$__" + name)) {
            return sql;
        }
        String text = sql;
        Matcher matcher = pattern.matcher(sql);
        while (matcher.find()) {
            List<String> arguments = new ArrayList<>();
            int end = arguments(sql, matcher.end(), arguments, matcher.start());
            text = text.replace(sql.substring(matcher.start(), end), expansion(name, arguments, matcher.start()));
        }
        return text;
    }

    private int arguments(String sql, int open, List<String> arguments, int offset) {
        if (open >= sql.length() || sql.charAt(open) != '(') {
            return open;
        }
        int depth = 0;
        int start = open + 1;
        for (int i = open; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
            if (depth == 0 || (depth == 1 && c == ',')) {
                arguments.add(sql.substring(start, i).strip());
                start = i + 1;
            }
            if (depth == 0) {
                return i + 1;
            }
        }
        throw refused(offset, "the macro's arguments lack their closing parenthesis");
    }

    private String expansion(String name, List<String> arguments, int offset) {
        return switch (name) {
            case "interval" -> MacroDurations.format(context.interval());
            case "interval_ms" -> Long.toString(context.interval().toMillis());
            case "timeFilter" -> {
                String column = only(name, arguments, offset);
                yield column + " >= " + quoted(context.from()) + " AND " + column + " <= " + quoted(context.to());
            }
            case "timeFrom" -> only(name, arguments, offset) + " >= " + quoted(context.from());
            case "timeTo" -> only(name, arguments, offset) + " <= " + quoted(context.to());
            case "timeGroup" -> group(arguments, offset);
            default -> throw refused(offset, "$__" + name + " macro is not supported");
        };
    }

    private String only(String name, List<String> arguments, int offset) {
        if (arguments.size() != 1) {
            throw refused(
                    offset,
                    "$__" + name + ": unexpected number of arguments: expected 1 argument, received "
                            + arguments.size());
        }
        return arguments.get(0);
    }

    private static String quoted(Instant time) {
        return "'" + RFC3339.format(time) + "'";
    }

    private String group(List<String> arguments, int offset) {
        if (arguments.size() < 2
                || arguments.get(0).isEmpty()
                || arguments.get(1).isEmpty()) {
            throw refused(offset, "macro $__timeGroup needs time column and interval");
        }
        String c = arguments.get(0);
        MacroDurations.Interval interval = MacroDurations.parse(arguments.get(1).replaceAll("^['\"]+|['\"]+$", ""));
        if (interval == null) {
            throw refused(offset, "error parsing interval " + arguments.get(1));
        }
        if (interval.isMonths()) {
            return interval.count() == 1
                    ? "TIMESTAMP((PARSE_DATE(\"%Y-%m-%d\",CONCAT( CAST((EXTRACT(YEAR FROM " + c
                            + ")) AS STRING),'-',CAST((EXTRACT(MONTH FROM " + c + ")) AS STRING),'-','01'))))"
                    : "TIMESTAMP(DATE(EXTRACT(YEAR FROM " + c + "), CAST(FLOOR((EXTRACT(MONTH FROM " + c + ") - 1) / "
                            + interval.count() + ") * " + interval.count() + " + 1 AS INT64), 1))";
        }
        return "TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(" + c + "), " + interval.millis() + ") * " + interval.millis() + ")";
    }

    private String variables() {
        List<SqlToken> tokens = SqlLexer.all(original);
        StringBuilder out = new StringBuilder(original.length() + 64);
        Matcher matcher = VARIABLE.matcher(original);
        int copied = 0;
        int token = 0;
        while (matcher.find()) {
            while (tokens.get(token).end() <= matcher.start()
                    && tokens.get(token).kind() != Kind.END) {
                token++;
            }
            String value = value(matcher, tokens.get(token), matcher.start());
            if (value != null) {
                out.append(original, copied, matcher.start()).append(value);
                copied = matcher.end();
            }
        }
        return out.append(original, copied, original.length()).toString();
    }

    /** {@return what stands for the variable, null if there is none of that name: then Grafana leaves it} */
    private @Nullable String value(Matcher matcher, SqlToken token, int offset) {
        String name = matcher.group(1) != null
                ? matcher.group(1)
                : matcher.group(2) != null ? matcher.group(2) : matcher.group(5);
        String format = matcher.group(3) != null ? matcher.group(3) : matcher.group(6);
        MacroContext.Variable variable = context.variable(name).orElseGet(() -> global(name));
        if (variable == null) {
            return null;
        }
        boolean within = token.start() < offset && token.kind() != Kind.DOLLAR;
        if (format == null && !within && variable.many()) {
            return literals(variable.values(), '\'', offset, name);
        }
        if (!within && format != null && (format.equals("singlequote") || format.equals("sqlstring"))) {
            return literals(variable.values(), '\'', offset, name);
        }
        if (!within && "doublequote".equals(format)) {
            return literals(variable.values(), '"', offset, name);
        }
        String argument = matcher.group(4) == null ? "" : matcher.group(4);
        String text = MacroFormats.format(name, variable.values(), format == null ? "csv" : format, argument);
        String safe = text == null ? null : within ? inside(text, token) : outside(text);
        if (safe == null) {
            throw refused(offset, "variable $" + name + " can't be written as Grafana does without changing the query");
        }
        return safe;
    }

    private MacroContext.@Nullable Variable global(String name) {
        Duration range = Duration.between(context.from(), context.to());
        long seconds = Math.round(range.toMillis() / 1000.0);
        String value = switch (name) {
            case "__from" -> Long.toString(context.from().toEpochMilli());
            case "__to" -> Long.toString(context.to().toEpochMilli());
            case "__interval" -> MacroDurations.format(context.interval());
            case "__interval_ms" -> Long.toString(context.interval().toMillis());
            case "__range" -> seconds + "s";
            case "__range_s" -> Long.toString(seconds);
            case "__range_ms" -> Long.toString(range.toMillis());
            default -> "";
        };
        return value.isEmpty() ? null : new MacroContext.Variable(TableField.Type.INT64, List.of(value), false);
    }

    private String literals(List<String> values, char quote, int offset, String name) {
        List<String> literals = new ArrayList<>();
        for (String value : values) {
            String literal = MacroLiterals.string(value);
            if (literal == null) {
                throw refused(offset, "a value of variable $" + name + " has a control character");
            }
            literals.add(quote + literal.substring(1, literal.length() - 1) + quote);
        }
        return String.join(",", literals);
    }

    private @Nullable String inside(String text, SqlToken token) {
        if (token.kind() != Kind.STRING) {
            return HARMLESS_IN_COMMENT.matcher(text).matches() && !text.contains("--") ? text : null;
        }
        if (HARMLESS.matcher(text).matches()) {
            return text;
        }
        char first = original.charAt(token.start());
        String literal = first == '\'' || first == '"' ? MacroLiterals.string(text) : null;
        return literal == null ? null : literal.substring(1, literal.length() - 1);
    }

    private static @Nullable String outside(String text) {
        boolean plain = NUMBER.matcher(text).matches()
                || (WORDS.matcher(text).matches()
                        && !text.isEmpty()
                        && !SqlWords.isReserved(text.toUpperCase(Locale.ROOT)));
        return plain ? text : null;
    }
}
