package dev.tentpole.bigquery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be written instead, with the words of the query. */
final class CostRewrites {

    private static final Pattern SIMPLE = Pattern.compile("(\\^)?(\\.\\*)?([\\w /-]+)(\\.\\*)?(\\$)?");
    private static final Pattern NUMBERED = Pattern.compile(
            "(?is)ROW_NUMBER\\s*\\(\\s*\\)\\s*OVER\\s*\\(\\s*(?:PARTITION\\s+BY\\s+([^()]+?)\\s+)?ORDER\\s+BY\\s+([^()]+?)\\s*\\)");

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

    private CostRewrites() {}

    /** The pattern of {@code LIKE} that finds the same texts as a regular expression; null if there is none. */
    static @Nullable String like(SqlExpr pattern) {
        if (!(pattern instanceof SqlExpr.Literal literal) || literal.type() != TableField.Type.STRING) {
            return null;
        }
        Matcher parts = SIMPLE.matcher(literal.value());
        if (!parts.matches()) {
            return null;
        }
        boolean first = parts.group(1) != null;
        boolean anythingBefore = parts.group(2) != null;
        boolean anythingBehind = parts.group(4) != null;
        boolean last = parts.group(5) != null;
        // A dot finds no end of a line, which % does.
        if ((first && anythingBefore) || (last && anythingBehind)) {
            return null;
        }
        return (first ? "" : "%") + parts.group(3).replace("_", "\\\\_") + (last ? "" : "%");
    }

    /** What finds the first row of each group without numbering all. */
    static String firstRow(@Nullable String numbered) {
        Matcher parts = numbered == null ? null : NUMBERED.matcher(numbered);
        if (parts == null || !parts.matches()) {
            return "ARRAY_AGG(t ORDER BY … LIMIT 1)[OFFSET(0)] with GROUP BY …";
        }
        return parts.group(1) == null
                ? "ORDER BY " + parts.group(2) + " LIMIT 1"
                : "ARRAY_AGG(t ORDER BY " + parts.group(2) + " LIMIT 1)[OFFSET(0)] with GROUP BY " + parts.group(1);
    }

    /** A name as it can be written in a query. */
    static String name(String name) {
        boolean plain = PLAIN_NAME.matcher(name).matches() && !SqlWords.isReserved(SqlText.upper(name));
        return plain ? name : "`" + name + "`";
    }
}
