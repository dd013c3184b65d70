package dev.tentpole.examples;

import dev.tentpole.core.Query;
import dev.tentpole.core.QueryException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Expands the macros of an SQL text, in one pass from left to right, never inside of strings, quoted names or comments.
 *
 * <p>The macros are those of the table in this module's README. What a macro expands to is not looked at again.
 */
final class SqlMacros {

    private static final String KNOWN =
            "$__timeFilter(column), $__timeGroup(column, interval), $__from, $__to," + " $__interval, $__interval_ms";
    private static final DateTimeFormatter DATETIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private final String sql;
    private final Query query;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private SqlMacros(String sql, Query query) {
        this.sql = sql;
        this.query = query;
    }

    /**
     * Expands the macros.
     *
     * @throws QueryException with status 400 and the position if a macro is unknown or its arguments are wrong
     */
    static String expand(String sql, Query query) {
        return new SqlMacros(sql, query).expand();
    }

    private String expand() {
        while (at < sql.length()) {
            int end = endOfQuotedOrComment();
            if (end > at) {
                out.append(sql, at, end);
                at = end;
            } else if (sql.startsWith("$__", at) || sql.startsWith("${__", at)) {
                macro();
            } else {
                out.append(sql.charAt(at++));
            }
        }
        return out.toString();
    }

    /** Returns where the string, quoted name or comment that begins here ends, or the current position if none does. */
    private int endOfQuotedOrComment() {
        char c = sql.charAt(at);
        if (c == '\'' || c == '"' || c == '`') {
            return endOfQuoted(c);
        }
        if (c == '#' || (sql.startsWith("--", at) && isBlankOrEnd(at + 2))) {
            int newline = sql.indexOf('\n', at);
            return newline < 0 ? sql.length() : newline;
        }
        if (sql.startsWith("/*", at)) {
            int close = sql.indexOf("*/", at + 2);
            return close < 0 ? sql.length() : close + 2;
        }
        return at;
    }

    private int endOfQuoted(char quote) {
        int i = at + 1;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            if (c == '\\' && quote != '`') {
                i += 2;
            } else if (c == quote) {
                // A doubled quote ends one string and begins the next, which comes to the same.
                return i + 1;
            } else {
                i++;
            }
        }
        return sql.length();
    }

    private boolean isBlankOrEnd(int index) {
        return index >= sql.length() || Character.isWhitespace(sql.charAt(index));
    }

    private void macro() {
        int start = at;
        boolean braces = sql.charAt(at + 1) == '{';
        at += braces ? 2 : 1;
        int nameStart = at;
        while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
            at++;
        }
        String name = sql.substring(nameStart, at);
        if (braces) {
            if (at >= sql.length() || sql.charAt(at) != '}') {
                throw refused(start, "${" + name + " lacks its closing brace");
            }
            at++;
        }
        switch (name) {
            case "__from" -> out.append(query.timeRange().from().toEpochMilli());
            case "__to" -> out.append(query.timeRange().to().toEpochMilli());
            case "__interval" -> out.append(Interval.format(query.interval()));
            case "__interval_ms" -> out.append(query.interval().toMillis());
            case "__timeFilter" -> timeFilter(arguments(start, name, 1));
            case "__timeGroup" -> timeGroup(start, arguments(start, name, 2));
            default -> throw refused(start, "there is no macro $" + name + "; there are " + KNOWN);
        }
    }

    private void timeFilter(List<String> arguments) {
        out.append(arguments.get(0))
                .append(" BETWEEN ")
                .append(datetime(query.timeRange().from()))
                .append(" AND ")
                .append(datetime(query.timeRange().to()));
    }

    private void timeGroup(int start, List<String> arguments) {
        String text = arguments.get(1);
        if (text.length() > 1
                && (text.startsWith("'") || text.startsWith("\""))
                && text.endsWith(text.substring(0, 1))) {
            text = text.substring(1, text.length() - 1).strip();
        }
        Duration interval = switch (text) {
            case "$__interval", "${__interval}" -> query.interval();
            default ->
                Interval.parse(text)
                        .orElseThrow(() -> refused(
                                start,
                                "$__timeGroup needs an interval such as 30s, 5m or $__interval as its second"
                                        + " argument"));
        };
        String seconds =
                BigDecimal.valueOf(interval.toMillis(), 3).stripTrailingZeros().toPlainString();
        out.append("FROM_UNIXTIME(FLOOR(UNIX_TIMESTAMP(")
                .append(arguments.get(0))
                .append(") / ")
                .append(seconds)
                .append(") * ")
                .append(seconds)
                .append(')');
    }

    /** Reads {@code (a, b)}: commas within parentheses, strings or quoted names belong to an argument. */
    private List<String> arguments(int start, String name, int count) {
        if (at >= sql.length() || sql.charAt(at) != '(') {
            throw refused(
                    start,
                    "$" + name + " needs " + count + (count == 1 ? " argument" : " arguments") + " in parentheses");
        }
        at++;
        List<String> arguments = new ArrayList<>();
        int argumentStart = at;
        int depth = 0;
        while (at < sql.length()) {
            int end = endOfQuotedOrComment();
            if (end > at) {
                at = end;
                continue;
            }
            char c = sql.charAt(at);
            if (depth == 0 && (c == ',' || c == ')')) {
                arguments.add(sql.substring(argumentStart, at).strip());
                argumentStart = at + 1;
                if (c == ')') {
                    at++;
                    return checked(start, name, count, arguments);
                }
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at++;
        }
        throw refused(start, "$" + name + " lacks its closing parenthesis");
    }

    private List<String> checked(int start, String name, int count, List<String> arguments) {
        if (arguments.size() != count || arguments.stream().anyMatch(String::isEmpty)) {
            throw refused(
                    start,
                    "$" + name + " needs " + count + (count == 1 ? " argument" : " arguments")
                            + ", and none may be empty");
        }
        return arguments;
    }

    private static String datetime(Instant instant) {
        return "'" + DATETIME.format(instant) + "'";
    }

    private QueryException refused(int position, String message) {
        long line = sql.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
        int column = position - sql.lastIndexOf('\n', position - 1);
        return QueryException.badQuery("line " + line + ", column " + column + ": " + message);
    }
}
