package dev.tentpole.bigquery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Expands as version 3.3 of Grafana's plugin for BigQuery does, after what its macro engine is known to do: one macro after the
 * other, the one with the longest name first, each by replacing all of its occurrences in the text, texts and comments
 * included; arguments only behind a parenthesis that follows at once. Variables come before macros, as in the browser.
 *
 * <p>Until all macros are expanded, a place of its own stands for each variable, so that no value is taken for a macro or for a part
 * of one. What {@link MacroGrafanaValues} puts there is what Grafana would, as long as the query's tokens stay the same.
 */
final class MacroGrafana {

    /** Longest name first. */
    private static final List<String> MACROS =
            List.of("$__timeFilter", "$__timeGroup", "$__timeFrom", "$__column", "$__timeTo", "$__table");

    /** So much longer a query is expected to become. */
    private static final int EXPANSION = 256;

    private static final int MOST_NESTED = 100;

    /** BigQuery takes queries of up to 1 MiB. */
    private static final int LONGEST = 4 << 20;

    private final String original;
    private final MacroContext context;
    private final MacroGrafanaValues values;

    private MacroGrafana(String original, MacroContext context) {
        this.original = original;
        this.context = context;
        this.values = new MacroGrafanaValues(original, context);
    }

    static MacroQuery expand(String sql, MacroContext context) {
        MacroGrafana grafana = new MacroGrafana(sql, context);
        String text = grafana.values.withPlaces();
        String expanded = grafana.expandedAtOnce(text);
        if (expanded == null) {
            expanded = text;
            for (String macro : MACROS) {
                expanded = grafana.expanded(expanded, macro);
            }
        }
        return new MacroQuery(grafana.values.withValues(expanded), List.of());
    }

    /**
     * {@return the query with all macros expanded in one walk, which makes the same of them if none is within another or right before it, and
     * none can come about by what another becomes; null otherwise}
     */
    private @Nullable String expandedAtOnce(String sql) {
        StringBuilder out = null;
        int copied = 0;
        int[] uses = new int[MACROS.size()];
        for (int at = sql.indexOf('$'); at >= 0; at = sql.indexOf('$', Math.max(copied, at + 1))) {
            int macro = macroAt(sql, at);
            if (macro >= 0) {
                String name = MACROS.get(macro);
                List<String> arguments = new ArrayList<>(2);
                int end = arguments(sql, name, at + name.length(), arguments, uses[macro]);
                int next = sql.indexOf('$', at + 1);
                char before = at == 0 ? ' ' : sql.charAt(at - 1);
                if ((next >= 0 && next <= end) || before == '$' || SqlLexer.isWordPart(before)) {
                    return null;
                }
                out = out == null ? new StringBuilder(sql.length() + EXPANSION) : out;
                out.append(sql, copied, at);
                expand(out, name, arguments, uses[macro]++);
                copied = end;
            }
        }
        return out == null ? sql : out.append(sql, copied, sql.length()).toString();
    }

    /** {@return the number of the macro at a dollar sign, -1 for none} */
    private static int macroAt(String sql, int at) {
        for (int i = 0; i < MACROS.size(); i++) {
            String macro = MACROS.get(i);
            int end = at + macro.length();
            if (sql.startsWith(macro, at)) {
                return end < sql.length() && SqlLexer.isWordPart(sql.charAt(end)) ? -1 : i;
            }
        }
        return -1;
    }

    /** Where a macro and its arguments are. */
    private record Use(int start, int end, List<String> arguments) {

        String in(String sql) {
            return sql.substring(start, end);
        }
    }

    private String expanded(String sql, String macro) {
        List<Use> uses = uses(sql, macro);
        if (!isNested(uses)) {
            return inOrder(sql, macro, uses);
        }
        Set<String> expanded = new HashSet<>();
        String text = sql;
        for (int i = 0; i < uses.size(); i++) {
            String use = uses.get(i).in(sql);
            if (!expanded.contains(use)) {
                StringBuilder expansion = new StringBuilder();
                expand(expansion, macro, uses.get(i).arguments, i);
                expanded.add(use);
                text = text.replace(use, expansion);
                if (text.length() > LONGEST) {
                    throw refused(macro, i, "the query becomes longer than " + LONGEST + " characters");
                }
            }
        }
        return text;
    }

    private static boolean isNested(List<Use> uses) {
        for (int i = 1; i < uses.size(); i++) {
            if (uses.get(i).start < uses.get(i - 1).end) {
                return true;
            }
        }
        return false;
    }

    /** The same as replacing one after the other where none is within another, and takes one walk. */
    private String inOrder(String sql, String macro, List<Use> uses) {
        StringBuilder out = new StringBuilder(sql.length() + EXPANSION);
        int copied = 0;
        for (int i = 0; i < uses.size(); i++) {
            Use use = uses.get(i);
            out.append(sql, copied, use.start);
            expand(out, macro, use.arguments, i);
            copied = use.end;
        }
        return out.append(sql, copied, sql.length()).toString();
    }

    private List<Use> uses(String sql, String macro) {
        List<Use> uses = new ArrayList<>();
        for (int at = next(sql, macro, 0); at >= 0; at = next(sql, macro, at + macro.length())) {
            List<String> arguments = new ArrayList<>(2);
            int end = arguments(sql, macro, at + macro.length(), arguments, uses.size());
            if (uses.size() > MOST_NESTED && isNested(uses.subList(uses.size() - 2, uses.size()))) {
                throw refused(macro, uses.size(), "more than " + MOST_NESTED + " macros, and some within others");
            }
            uses.add(new Use(at, end, arguments));
        }
        return uses;
    }

    /** {@return where a word is next that does not go on} */
    private static int next(String sql, String macro, int from) {
        int at = sql.indexOf(macro, from);
        while (at >= 0 && at + macro.length() < sql.length() && SqlLexer.isWordPart(sql.charAt(at + macro.length()))) {
            at = sql.indexOf(macro, at + 1);
        }
        return at;
    }

    private int arguments(String sql, String macro, int open, List<String> arguments, int index) {
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
        throw refused(macro, index, "the macro's arguments lack their closing parenthesis");
    }

    private void expand(StringBuilder out, String macro, List<String> arguments, int index) {
        switch (macro) {
            case "$__timeFilter" -> {
                String column = only(macro, arguments, index);
                compare(out, column, ">=", context.from());
                compare(out.append(" AND "), column, "<=", context.to());
            }
            case "$__timeFrom" -> compare(out, only(macro, arguments, index), ">=", context.from());
            case "$__timeTo" -> compare(out, only(macro, arguments, index), "<=", context.to());
            case "$__timeGroup" -> group(out, macro, arguments, index);
            default -> throw refused(macro, index, macro + " macro is not supported");
        }
    }

    private String only(String macro, List<String> arguments, int index) {
        if (arguments.size() != 1) {
            throw refused(
                    macro,
                    index,
                    macro + ": unexpected number of arguments: expected 1 argument, received " + arguments.size());
        }
        return arguments.get(0);
    }

    private static void compare(StringBuilder out, String column, String operator, Instant time) {
        out.append(column).append(' ').append(operator).append(" '");
        out.append(MacroLiterals.second(time)).append('\'');
    }

    private void group(StringBuilder out, String macro, List<String> arguments, int index) {
        if (arguments.size() < 2) {
            throw refused(
                    macro,
                    index,
                    "macro $__timeGroup needs time column and interval: expected 2 arguments, received "
                            + arguments.size());
        }
        String c = arguments.get(0);
        if (c.isEmpty()) {
            throw refused(macro, index, "the first parameter(time column) for $__timeGroup macro cannot be empty");
        }
        String text = unquoted(values.plain(arguments.get(1)));
        if (text.isEmpty()) {
            throw refused(macro, index, "the second parameter(interval) for $__timeGroup macro cannot be empty");
        }
        String written = arguments.get(1);
        String shown = "error parsing interval " + (written.contains(text) ? text : "that a variable has");
        if (text.endsWith("M")) {
            String months = text.substring(0, text.length() - 1).strip();
            OptionalLong count = months.isEmpty() ? OptionalLong.of(1) : MacroDurations.atoi(months);
            if (count.isEmpty() || count.getAsLong() < 1) {
                throw refused(macro, index, shown);
            }
            out.append(months(c, count.getAsLong()));
            return;
        }
        // A year is as long as the one that begins now, which is where the range of a dashboard ends.
        OptionalLong interval = MacroDurations.grafanaMillis(text, context.to());
        // A sign is a token more, which is for the query alone to have.
        boolean signed = interval.orElse(0) < 0 && !written.contains(text);
        if (interval.isEmpty() || signed) {
            throw refused(macro, index, shown);
        }
        long millis = interval.getAsLong();
        out.append("TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(").append(c).append("), ").append(millis);
        out.append(") * ").append(millis).append(')');
    }

    private static String months(String c, long count) {
        return count == 1
                ? "TIMESTAMP((PARSE_DATE(\"%Y-%m-%d\",CONCAT( CAST((EXTRACT(YEAR FROM " + c
                        + ")) AS STRING),'-',CAST((EXTRACT(MONTH FROM " + c + ")) AS STRING),'-','01'))))"
                : "TIMESTAMP(DATE(EXTRACT(YEAR FROM " + c + "), CAST(FLOOR((EXTRACT(MONTH FROM " + c + ") - 1) / "
                        + count + ") * " + count + " + 1 AS INT64), 1))";
    }

    /** Without any quotes at its ends. */
    private static String unquoted(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isQuote(text.charAt(start))) {
            start++;
        }
        while (end > start && isQuote(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    /** What is refused is in a text that has changed: its place is that of the macro's so-manieth use in the query. */
    private MacroException refused(String macro, int index, String problem) {
        int at = next(original, macro, 0);
        for (int i = 0; i < index && at >= 0; i++) {
            at = next(original, macro, at + macro.length());
        }
        return MacroException.at(original, Math.max(0, at), problem);
    }
}
