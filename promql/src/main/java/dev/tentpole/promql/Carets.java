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
            text.append(query.charAt(i) == '\t' ? "\t" : " ".repeat(columns(query.codePointAt(i))));
        }
        int last = Math.min(end, Math.max(to, start + 1));
        int marked = start < query.length()
                ? query.substring(start, Math.min(last, query.length()))
                        .codePoints()
                        .map(Carets::columns)
                        .sum()
                : 1;
        text.append('^').append("~".repeat(Math.max(1, marked) - 1));
        hint.ifPresent(words -> text.append("\n  ").append(words));
        return text.toString();
    }

    /** {@return a part of a query on one line, and not much of it} */
    static String line(String query, SourceRange range) {
        StringBuilder text = new StringBuilder();
        boolean space = false;
        int at = Math.min(range.start(), query.length());
        int end = Math.min(range.end(), query.length());
        while (at < end && text.length() < CONTEXT) {
            int c = query.codePointAt(at);
            if (Character.isWhitespace(c)) {
                space = true;
            } else {
                text.append(space ? " " : "").appendCodePoint(c);
                space = false;
            }
            at += Character.charCount(c);
        }
        return printable(text.toString(), 0, text.length()) + (at < end ? "…" : "");
    }

    /** {@return how many columns of a terminal a character takes, about: those of East Asia and emoji take two} */
    private static int columns(int c) {
        if (c < 0x300) {
            return 1;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean narrow = c >= 0xff61 && c <= 0xffdc;
        boolean wide = Character.isIdeographic(c)
                || (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x3000 && c <= 0x33ff)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xff01 && c <= 0xffe6)
                || (c >= 0x1f300 && c <= 0x1faff);
        return wide && !narrow ? 2 : 1;
    }

    private static int aligned(String query, int at) {
        boolean splitsPair = at > 0
                && at < query.length()
                && Character.isLowSurrogate(query.charAt(at))
                && Character.isHighSurrogate(query.charAt(at - 1));
        return splitsPair ? at - 1 : at;
    }

    private static String printable(String query, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            char c = query.charAt(i);
            // What is shown must not control the terminal.
            text.append(c == '\r' ? ' ' : c != '\t' && Character.isISOControl(c) ? '\ufffd' : c);
        }
        return text.toString();
    }
}
