package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dashboards' variables: {@code $name}, {@code ${name}}, {@code ${name:format}}, {@code [[name]]}.
 *
 * <p>A variable alone is a value of its type, or a list of them, for {@code IN (…)}. With a format it is one text, made as
 * Grafana makes it; the formats that Grafana has to make lists and literals make the list too, and {@code raw} a name in backticks. Used
 * by one thread.
 */
final class MacroVariables {

    private static final Pattern BRACED = Pattern.compile("\\$\\{(\\w+)(?::(\\w+)(?::([^}]*))?)?\\}");
    private static final Pattern BRACKETED = Pattern.compile("\\[\\[(\\w+)(?::(\\w+))?\\]\\]");
    private static final int MOST_VALUES = 10_000;

    private final MacroEngine engine;
    private final MacroContext context;
    private final MacroExpansion expansion;

    MacroVariables(MacroEngine engine, MacroContext context, MacroExpansion expansion) {
        this.engine = engine;
        this.context = context;
        this.expansion = expansion;
    }

    int braced(StringBuilder out, String sql, int start) {
        Matcher matcher = BRACED.matcher(sql).region(start, sql.length());
        if (!matcher.lookingAt()) {
            throw expansion.refused(start, "a variable must be ${name}, ${name:format} or ${name:format:argument}");
        }
        String name = matcher.group(1);
        String format = orEmpty(matcher.group(2));
        String argument = orEmpty(matcher.group(3));
        if (context.variable(name).isPresent() || !appendGlobal(out, name, format, argument, start)) {
            append(out, name, format, argument, start, isUnnested(sql, start, matcher.end()));
        }
        return matcher.end();
    }

    boolean isBracketed(String sql, int start) {
        Matcher matcher = BRACKETED.matcher(sql).region(start, sql.length());
        return matcher.lookingAt() && context.variable(matcher.group(1)).isPresent();
    }

    int bracketed(StringBuilder out, String sql, int start) {
        Matcher matcher = BRACKETED.matcher(sql).region(start, sql.length());
        if (!matcher.lookingAt()) {
            throw expansion.refused(start, "a variable must be [[name]] or [[name:format]]");
        }
        append(out, matcher.group(1), orEmpty(matcher.group(2)), "", start, isUnnested(sql, start, matcher.end()));
        return matcher.end();
    }

    /** Appends a dashboard's variable. */
    void append(StringBuilder out, String name, String format, String argument, int offset, boolean unnested) {
        Optional<MacroContext.Variable> variable = context.variable(name);
        if (variable.isEmpty()) {
            throw expansion.refused(offset, "there is no variable $" + name);
        }
        List<String> values = variable.get().values();
        if (values.size() > MOST_VALUES) {
            throw expansion.refused(offset, "variable $" + name + " has more than " + MOST_VALUES + " values");
        }
        switch (format) {
            case "", "csv", "singlequote", "doublequote", "sqlstring" ->
                list(out, name, variable.get().type(), values, offset, unnested);
            case "raw" -> raw(out, name, values, offset);
            default -> formatted(out, name, values, format, argument, offset);
        }
    }

    /** Appends one of Grafana's own variables, {@return whether there is one of that name}. */
    boolean appendGlobal(StringBuilder out, String name, String format, String argument, int offset) {
        long from = context.from().toEpochMilli();
        long to = context.to().toEpochMilli();
        String value = switch (name) {
            case "__from" -> Long.toString(from);
            case "__to" -> Long.toString(to);
            case "__interval" -> MacroDurations.format(context.interval());
            case "__interval_ms" -> Long.toString(context.interval().toMillis());
            case "__range" -> Math.round((to - from) / 1000.0) + "s";
            case "__range_s" -> Long.toString(Math.round((to - from) / 1000.0));
            case "__range_ms" -> Long.toString(to - from);
            default -> "";
        };
        if (value.isEmpty()) {
            return false;
        }
        if (format.isEmpty()) {
            out.append(value);
        } else {
            formatted(out, name, List.of(value), format, argument, offset);
        }
        return true;
    }

    private void list(
            StringBuilder out, String name, TableField.Type type, List<String> values, int offset, boolean unnested) {
        if (engine.bindsParameters() && unnested) {
            out.append(expansion.bind(SqlParameter.array(name, type, values)));
            return;
        }
        if (values.isEmpty()) {
            // IN (NULL) is never true, and IN () is no SQL.
            out.append(unnested ? "[]" : "NULL");
            return;
        }
        List<String> elements = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            String literal = MacroLiterals.of(type, values.get(i));
            if (literal == null) {
                throw expansion.refused(
                        offset, "a value of variable $" + name + " is no " + type + ", or has a control character");
            }
            elements.add(
                    engine.bindsParameters()
                            ? expansion.bind(SqlParameter.of(
                                    values.size() == 1 ? name : name + "__" + (i + 1), type, values.get(i)))
                            : literal);
        }
        String joined = String.join(", ", elements);
        out.append(unnested ? "[" + joined + "]" : joined);
    }

    private void raw(StringBuilder out, String name, List<String> values, int offset) {
        String quoted = values.size() == 1 ? MacroLiterals.name(values.get(0)) : null;
        if (quoted == null) {
            throw expansion.refused(
                    offset, "variable $" + name + " is not one name, which is what its format raw is for");
        }
        out.append(quoted);
    }

    private void formatted(
            StringBuilder out, String name, List<String> values, String format, String argument, int offset) {
        String text = values.isEmpty() ? "" : MacroFormats.format(name, values, format, argument);
        if (text == null) {
            throw expansion.refused(
                    offset, "variable $" + name + " can't be written in format " + format + withColon(argument));
        }
        String literal = MacroLiterals.string(text);
        if (literal == null) {
            throw expansion.refused(offset, "a value of variable $" + name + " has a control character");
        }
        if (engine.bindsParameters()) {
            String suffix = argument.isEmpty() ? "" : "_" + Integer.toHexString(argument.hashCode());
            literal = expansion.bind(SqlParameter.of(name + "__" + format + suffix, TableField.Type.STRING, text));
        }
        out.append(literal);
    }

    private static String withColon(String argument) {
        return argument.isEmpty() ? "" : ":" + argument;
    }

    private static boolean isUnnested(String sql, int start, int end) {
        return sql.regionMatches(true, start - "UNNEST(".length(), "UNNEST(", 0, "UNNEST(".length())
                && sql.startsWith(")", end);
    }

    private static String orEmpty(@Nullable String group) {
        return group == null ? "" : group;
    }
}
