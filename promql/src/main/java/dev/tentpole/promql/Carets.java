package dev.tentpole.promql;

import java.util.Optional;

/** Problems for people to read: the query's line with carets below. */
final class Carets {

    /** How many characters of a long line are shown on each side of the problem. */
    private static final int CONTEXT = 70;

    private Carets() {}

    static String describe(Problem problem, String query) {
        return describe(problem.oneLine(), problem.range(), problem.hint(), query);
    }

    static String describe(String headline, SourceRange range, Optional<String> hint, String query) {
        StringBuilder text = new StringBuilder(headline).append('\n');
        int start = Math.min(range.start(), query.length());
        int lineStart = query.lastIndexOf('\n', start - 1) + 1;
        int newline = query.indexOf('\n', start);
        int lineEnd = newline < 0 ? query.length() : newline;
        int end = Math.min(Math.max(range.end(), start + 1), Math.max(lineEnd, start + 1));

        int from = aligned(query, Math.max(lineStart, start - CONTEXT));
        int to = aligned(query, Math.min(lineEnd, Math.max(start, Math.min(end, start + CONTEXT)) + CONTEXT));
        boolean cutLeft = from > lineStart;
        text.append("  ").append(cutLeft ? "…" : "").append(printable(query, from, to));
        text.append(to < lineEnd ? "…\n  " : "\n  ").append(cutLeft ? " " : "");
        for (int i = from; i < start; i += Character.charCount(query.codePointAt(i))) {
            text.append(query.charAt(i) == '\t' ? '\t' : ' ');
        }
        int last = Math.min(end, Math.max(to, start + 1));
        int marked =
                start < query.length() ? Math.max(1, query.codePointCount(start, Math.min(last, query.length()))) : 1;
        text.append('^').append("~".repeat(marked - 1));
        hint.ifPresent(words -> text.append("\n  ").append(words));
        return text.toString();
    }

    private static int aligned(String query, int at) {
        boolean splitsPair = at > 0
                && at < query.length()
                && Character.isLowSurrogate(query.charAt(at))
                && Character.isHighSurrogate(query.charAt(at - 1));
        return splitsPair ? at - 1 : at;
    }

    private static String printable(String query, int from, int to) {
        return query.substring(from, to).replace('\r', ' ');
    }
}
