package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The comments in a query that silence rules, and the lines they are about. */
final class Suppressions {

    private static final String MARK = "tentpole:";
    private static final String IGNORE = "ignore";

    private final Source source;
    private final String text;
    /** Where lines start, but for the first one. */
    private final NavigableSet<Integer> lineStarts = new TreeSet<>();
    /** The rules that are silenced on the line that starts at a place. */
    private final Map<Integer, EnumSet<Rule>> byLine = new HashMap<>();

    private final List<SourceRange> unknown = new ArrayList<>();
    /** The rules of comments on lines of their own, for the next line with something on it. */
    private final EnumSet<Rule> waiting = EnumSet.noneOf(Rule.class);

    private Suppressions(String text) {
        this.source = new Source(text);
        this.text = text;
    }

    /** {@return the comments of a text; null if there are none} */
    static @Nullable Suppressions of(String text) {
        if (text.indexOf('#') < 0 || !text.contains(MARK)) {
            return null;
        }
        Suppressions suppressions = new Suppressions(text);
        suppressions.scan();
        return suppressions;
    }

    /** {@return the ids that no rule has} */
    List<SourceRange> unknown() {
        return unknown;
    }

    /** {@return whether a rule is silenced on the line that has a character} */
    boolean silences(Rule rule, int at) {
        EnumSet<Rule> rules = byLine.get(lineOf(at));
        return rules != null && rules.contains(rule);
    }

    private int lineOf(int at) {
        Integer start = lineStarts.floor(at);
        return start == null ? 0 : start;
    }

    private void scan() {
        boolean hasText = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n' || c == '\r') {
                lineStarts.add(++at);
                hasText = false;
            } else if (c == '#') {
                int end = lineEnd(at);
                comment(at + 1, end, hasText);
                at = end;
            } else {
                if (!hasText && !Ascii.isSpace(c)) {
                    hasText = true;
                    silence(lineOf(at), waiting);
                    waiting.clear();
                }
                at = c == '"' || c == '\'' || c == '`' ? stringEnd(at) : at + 1;
            }
        }
    }

    private int lineEnd(int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    /** Lines that start within a raw string have something on them. */
    private int stringEnd(int start) {
        char quote = text.charAt(start);
        int at = start + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\n' || text.charAt(at) == '\r') {
                lineStarts.add(at + 1);
            }
            at += text.charAt(at) == '\\' && quote != '`' ? 2 : 1;
        }
        return Math.min(at + 1, text.length());
    }

    private void comment(int start, int end, boolean behindText) {
        int at = skipSpaces(start, end);
        if (!text.startsWith(MARK, at)) {
            return;
        }
        at = skipSpaces(at + MARK.length(), end);
        if (!text.startsWith(IGNORE, at)) {
            return;
        }
        at += IGNORE.length();
        EnumSet<Rule> rules = EnumSet.noneOf(Rule.class);
        boolean any = false;
        while (at < end) {
            while (at < end && isSeparator(text.charAt(at))) {
                at++;
            }
            int from = at;
            while (at < end && !isSeparator(text.charAt(at))) {
                at++;
            }
            if (at > from) {
                any = true;
                Optional<Rule> rule = Rule.of(text.substring(from, at));
                rule.ifPresent(rules::add);
                if (rule.isEmpty()) {
                    unknown.add(source.range(from, at));
                }
            }
        }
        if (!any) {
            unknown.add(source.range(start - 1, end));
        }
        if (behindText) {
            silence(lineOf(start), rules);
        } else {
            waiting.addAll(rules);
        }
    }

    private void silence(int line, EnumSet<Rule> rules) {
        if (!rules.isEmpty()) {
            byLine.computeIfAbsent(line, key -> EnumSet.noneOf(Rule.class)).addAll(rules);
        }
    }

    private int skipSpaces(int start, int end) {
        int at = start;
        while (at < end && Ascii.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isSeparator(char c) {
        return c == ',' || Ascii.isSpace(c);
    }
}
