package dev.tentpole.bigquery;

import java.util.List;

/**
 * Dashboards' variables: {@code $name}, {@code ${name}}, {@code ${name:format}}, {@code [[name]]}.
 *
 * <p>A variable alone is a value of its type, or a list of them, for {@code IN (…)}. With a format it is one text, made as
 * Grafana makes it; the formats that Grafana has to make lists and literals make the list too, and {@code raw} a name in backticks. Used
 * by one thread.
 */
final class MacroVariables {

    private static final int MOST_VALUES = 10_000;

    private final MacroEngine engine;
    private final MacroContext context;
    private final MacroExpansion expansion;

    MacroVariables(MacroEngine engine, MacroContext context, MacroExpansion expansion) {
        this.engine = engine;
        this.context = context;
        this.expansion = expansion;
    }

    /**
     * Appends a dashboard's variable.
     *
     * @param unnested whether it is all that is within {@code UNNEST(…)}
     */
    void append(StringBuilder out, MacroReference reference, boolean unnested) {
        String name = reference.name();
        MacroContext.Variable variable = context.variable(name);
        if (variable == null) {
            throw expansion.refused(reference.start(), "there is no variable $" + name);
        }
        if (variable.values().size() > MOST_VALUES) {
            throw expansion.refused(
                    reference.start(), "variable $" + name + " has more than " + MOST_VALUES + " values");
        }
        switch (reference.format()) {
            case "", "csv", "singlequote", "doublequote", "sqlstring" ->
                list(out, name, variable, reference.start(), unnested);
            case "raw" -> raw(out, name, variable.values(), reference.start());
            default -> formatted(out, name, variable, reference.format(), reference.argument(), reference.start());
        }
    }

    /** Appends one of Grafana's own variables, {@return whether there is one of that name}. */
    boolean appendGlobal(StringBuilder out, String name, String format, String argument, int offset) {
        String value = context.global(name);
        if (value.isEmpty()) {
            return false;
        }
        if (format.isEmpty()) {
            // Times before 1970 are negative.
            String number = MacroLiterals.of(TableField.Type.INT64, value);
            out.append(number == null ? value : number);
        } else {
            MacroContext.Variable variable = new MacroContext.Variable(TableField.Type.STRING, List.of(value), false);
            formatted(out, name, variable, format, argument, offset);
        }
        return true;
    }

    private void list(StringBuilder out, String name, MacroContext.Variable variable, int offset, boolean unnested) {
        List<String> values = variable.values();
        TableField.Type type = variable.type();
        boolean bound = engine.bindsParameters();
        if (values.isEmpty() && !(bound && unnested)) {
            // IN (NULL) is never true, and IN () is no SQL.
            out.append(unnested ? "[]" : "NULL");
            return;
        }
        if (!bound && unnested) {
            out.append('[');
        }
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            String written = bound ? MacroLiterals.sent(type, value) : MacroLiterals.of(type, value);
            if (written == null) {
                throw expansion.refused(
                        offset,
                        "a value of variable $" + name + " is no " + type
                                + (bound ? "" : ", or has a control character"));
            }
            if (bound && unnested) {
                continue;
            }
            if (i > 0) {
                out.append(", ");
            }
            if (bound) {
                bind(out, values.size() == 1 ? name : name + "__" + (i + 1), type, written);
            } else {
                out.append(written);
            }
        }
        if (bound && unnested) {
            expansion.bind(out, SqlParameter.array(parameterName(name), type, values));
        } else if (unnested) {
            out.append(']');
        }
    }

    private void bind(StringBuilder out, String name, TableField.Type type, String value) {
        expansion.bind(out, SqlParameter.of(parameterName(name), type, value));
    }

    /** Names of parameters begin with a letter or an underscore. */
    private static String parameterName(String name) {
        return SqlLexer.isWordStart(name.charAt(0)) ? name : "_" + name;
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
            StringBuilder out,
            String name,
            MacroContext.Variable variable,
            String format,
            String argument,
            int offset) {
        String text = variable.values().isEmpty()
                ? ""
                : MacroFormats.format(name, variable.values(), variable.many(), format, argument);
        if (text == null) {
            throw expansion.refused(
                    offset,
                    "variable $" + name + " can't be written in format " + format
                            + (argument.isEmpty() ? "" : ":" + argument));
        }
        boolean bound = engine.bindsParameters();
        String written = bound ? MacroLiterals.sent(TableField.Type.STRING, text) : MacroLiterals.string(text, '\'');
        if (written == null) {
            throw expansion.refused(offset, "a value of variable $" + name + " has a control character");
        }
        if (bound) {
            String suffix = argument.isEmpty() ? "" : "_" + Integer.toHexString(argument.hashCode());
            bind(out, name + "__" + format + suffix, TableField.Type.STRING, text);
        } else {
            out.append(written);
        }
    }
}
