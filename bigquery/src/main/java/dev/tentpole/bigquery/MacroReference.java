package dev.tentpole.bigquery;

import org.jspecify.annotations.Nullable;

/**
 * Where a query refers to a variable: {@code $name}, {@code ${name}}, {@code ${name:format:argument}}, {@code [[name:format]]}.
 *
 * @param name the variable's name
 * @param format empty for none
 * @param argument what stands behind the format's colon, empty for nothing
 * @param start where it begins
 * @param end where it ends
 */
record MacroReference(String name, String format, String argument, int start, int end) {

    /** {@return the reference that begins at a place, null if none does} */
    static @Nullable MacroReference at(String sql, int start) {
        if (sql.startsWith("${", start)) {
            return braced(sql, start);
        }
        if (sql.startsWith("[[", start)) {
            return bracketed(sql, start);
        }
        int end = wordEnd(sql, start + 1);
        return sql.charAt(start) == '$' && end > start + 1
                ? new MacroReference(sql.substring(start + 1, end), "", "", start, end)
                : null;
    }

    private static @Nullable MacroReference braced(String sql, int start) {
        int nameEnd = wordEnd(sql, start + 2);
        int end = nameEnd;
        String format = "";
        String argument = "";
        if (sql.startsWith(":", end)) {
            int formatEnd = wordEnd(sql, end + 1);
            format = sql.substring(end + 1, formatEnd);
            end = formatEnd;
            if (format.isEmpty()) {
                return null;
            }
            if (sql.startsWith(":", end)) {
                int brace = sql.indexOf('}', end);
                if (brace < 0) {
                    return null;
                }
                argument = sql.substring(end + 1, brace);
                end = brace;
            }
        }
        return nameEnd > start + 2 && sql.startsWith("}", end)
                ? new MacroReference(sql.substring(start + 2, nameEnd), format, argument, start, end + 1)
                : null;
    }

    private static @Nullable MacroReference bracketed(String sql, int start) {
        int nameEnd = wordEnd(sql, start + 2);
        int end = nameEnd;
        String format = "";
        if (sql.startsWith(":", end)) {
            end = wordEnd(sql, nameEnd + 1);
            format = sql.substring(nameEnd + 1, end);
            if (format.isEmpty()) {
                return null;
            }
        }
        return nameEnd > start + 2 && sql.startsWith("]]", end)
                ? new MacroReference(sql.substring(start + 2, nameEnd), format, "", start, end + 2)
                : null;
    }

    private static int wordEnd(String sql, int from) {
        int at = from;
        while (at < sql.length() && SqlLexer.isWordPart(sql.charAt(at))) {
            at++;
        }
        return at;
    }
}
