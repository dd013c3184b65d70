package dev.tentpole.promql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A look at a regular expression that tells without compiling it whether it is one, and whether it matches the empty text.
 *
 * <p>It knows the parts that nearly all expressions consist of: characters, escaped punctuation, dots, anchors, classes of
 * ASCII characters, groups, alternatives and repetitions. What else there is in RE2 is left to the compiler. It also keeps
 * expressions from the compiler that would take all memory there; the limits are those of Go but for the size, which
 * is a third of it.
 */
final class RegexSyntax {

    private static final int MAX_REPEAT = 1000;
    private static final int MAX_HEIGHT = 1000;
    private static final long MAX_SIZE = 1_000_000;

    private static final String TOO_LARGE = "expression too large";
    private static final String TOO_DEEP = "expression nests too deeply";
    private static final String BAD_REPEAT = "invalid repeat count";
    private static final String BAD_ESCAPE = "invalid escape sequence";

    private final String text;
    private boolean plain = true;
    private @Nullable String fault;

    /** The open groups: the whole expression and the groups around the current place. */
    private int depth;

    private Group[] groups = new Group[4];

    private RegexSyntax(String text) {
        this.text = text;
    }

    /** What is known of a group, or of the part of it that was read last. */
    private static final class Group {
        /** The size of the group so far, in instructions. */
        private long size;

        private int height;
        /** The most times that something in the group is repeated by counted repetitions in one another. */
        private int repeats = 1;

        private boolean captures;
        /** Whether one of the alternatives so far matches the empty text. */
        private boolean anyEmpty;
        /** Whether all parts of the current alternative so far do. */
        private boolean allEmpty = true;

        private long lastSize;
        private int lastHeight;
        private int lastRepeats = 1;
        private boolean lastEmpty;
        /** Whether there is a part that can be repeated. */
        private boolean hasLast;

        void part(long partSize, int partHeight, int partRepeats, boolean empty) {
            fold();
            lastSize = partSize;
            lastHeight = partHeight;
            lastRepeats = partRepeats;
            lastEmpty = empty;
            hasLast = true;
        }

        /** Counts the last part in, which cannot be repeated any more. */
        void fold() {
            if (hasLast) {
                size += lastSize;
                height = Math.max(height, lastHeight);
                repeats = Math.max(repeats, lastRepeats);
                allEmpty &= lastEmpty;
                hasLast = false;
            }
        }

        void alternative() {
            fold();
            anyEmpty |= allEmpty;
            allEmpty = true;
            size++;
        }
    }

    /** What is known of an expression without compiling it. */
    enum Verdict {
        /** It is an expression, and matches the empty text. */
        MATCHES_EMPTY,
        /** It is an expression, and does not match the empty text. */
        NEEDS_TEXT,
        /** Only the compiler can tell. */
        UNKNOWN,
        /** It is none, or too large. */
        FAULT
    }

    /** {@return what is known of an expression} */
    static Verdict look(String text) {
        Verdict simple = lookSimply(text);
        return simple == Verdict.UNKNOWN ? new RegexSyntax(text).verdict() : simple;
    }

    /** Looks at what most expressions are: plain characters, {@code .*}, {@code .+}, anchors and bars. */
    private static Verdict lookSimply(String text) {
        boolean anyEmpty = false;
        boolean empty = true;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Ascii.isAlphaNumeric(c)) {
                empty = false;
            } else if (c == '|') {
                anyEmpty |= empty;
                empty = true;
            } else if (c == '.' && i + 1 < length && text.charAt(i + 1) == '*' && !isQuantifier(text, i + 2)) {
                i++;
            } else if (c == '.' && i + 1 < length && text.charAt(i + 1) == '+' && !isQuantifier(text, i + 2)) {
                i++;
                empty = false;
            } else if (c >= 0x80 || isGrouping(c) || isQuantifier(text, i)) {
                return Verdict.UNKNOWN;
            } else {
                empty &= c == '^' || c == '$';
            }
        }
        return anyEmpty || empty ? Verdict.MATCHES_EMPTY : Verdict.NEEDS_TEXT;
    }

    private static boolean isGrouping(char c) {
        return c == '(' || c == ')' || c == '[' || c == '\\';
    }

    private static boolean isQuantifier(String text, int at) {
        if (at >= text.length()) {
            return false;
        }
        char c = text.charAt(at);
        return c == '*' || c == '+' || c == '?' || c == '{';
    }

    /** {@return why an expression that was found to be a {@link Verdict#FAULT} is one} */
    static String fault(String text) {
        RegexSyntax syntax = new RegexSyntax(text);
        syntax.verdict();
        return syntax.fault == null ? "invalid regular expression" : syntax.fault;
    }

    private Verdict verdict() {
        groups[0] = new Group();
        int i = 0;
        while (i < text.length() && fault == null) {
            i = part(i);
        }
        if (fault != null) {
            return Verdict.FAULT;
        }
        if (!plain || depth > 0) {
            return Verdict.UNKNOWN;
        }
        groups[0].alternative();
        return groups[0].anyEmpty ? Verdict.MATCHES_EMPTY : Verdict.NEEDS_TEXT;
    }

    /** Reads a part of the expression and returns where the next one starts. */
    private int part(int at) {
        Group group = groups[depth];
        char c = text.charAt(at);
        switch (c) {
            case '*', '?' -> {
                return repeated(group, at + 1, 0, 1);
            }
            case '+' -> {
                return repeated(group, at + 1, 1, 1);
            }
            case '{' -> {
                return counted(group, at);
            }
            case '(' -> {
                return open(at);
            }
            case ')' -> {
                close();
                return at + 1;
            }
            case '|' -> {
                group.alternative();
                return at + 1;
            }
            case '[' -> {
                int end = endOfClass(at);
                group.part(1, 1, 1, false);
                return end;
            }
            case '\\' -> {
                int end = endOfEscape(at);
                if (text.startsWith("Q", at + 1)) {
                    literal(group, at + 2, end);
                } else {
                    escape(at + 1);
                    group.part(1, 1, 1, false);
                }
                return end;
            }
            case '^', '$' -> {
                group.part(1, 1, 1, true);
                return at + 1;
            }
            default -> {
                plain &= !Character.isSurrogate(c);
                group.part(1, 1, 1, false);
                return at + 1;
            }
        }
    }

    /** Looks at the character behind a backslash. */
    private void escape(int at) {
        char c = at < text.length() ? text.charAt(at) : 0;
        plain &= isPlainEscape(c);
        if (c >= 0x80) {
            // The compiler takes it for the character.
            fault = BAD_ESCAPE;
        }
    }

    /** Reads the text behind a {@code \\Q}, in which nothing has a meaning but the {@code \\E} at its end. */
    private void literal(Group group, int start, int end) {
        plain = false;
        int stop = text.startsWith("\\E", end - 2) && end - 2 >= start ? end - 2 : end;
        for (int i = start; i < stop; i++) {
            group.part(1, 1, 1, false);
        }
    }

    private int repeated(Group group, int end, int min, int factor) {
        plain &= group.hasLast;
        group.lastSize = group.lastSize * Math.max(1, factor) + 1;
        group.lastHeight++;
        group.lastEmpty |= min == 0;
        long size = group.size + group.lastSize;
        if (size > MAX_SIZE) {
            fault = TOO_LARGE;
        }
        int next = end;
        if (next < text.length() && text.charAt(next) == '?') {
            next++;
        }
        // Two repetitions in a row are mostly wrong: the compiler knows which are not.
        group.fold();
        return next;
    }

    /** Reads {@code {2,5}}; other braces are plain characters. */
    private int counted(Group group, int at) {
        int i = at + 1;
        int min = number(i);
        i = skipDigits(i);
        boolean range = i < text.length() && text.charAt(i) == ',';
        int max = min;
        boolean open = false;
        if (range) {
            int digits = i + 1;
            i = skipDigits(digits);
            open = i == digits;
            max = open ? min : number(digits);
        }
        if (min < 0 || i >= text.length() || text.charAt(i) != '}') {
            group.part(1, 1, 1, false);
            return at + 1;
        }
        if (max > MAX_REPEAT || min > MAX_REPEAT || max < min) {
            fault = BAD_REPEAT;
            return i;
        }
        long repeats = (long) group.lastRepeats * Math.max(1, max);
        if (group.hasLast && repeats > MAX_REPEAT) {
            fault = BAD_REPEAT;
            return i;
        }
        group.lastRepeats = (int) repeats;
        return repeated(group, i + 1, min, open ? max + 1 : max);
    }

    /** {@return the number at a place, at most one more than may be; -1 if there is none} */
    private int number(int at) {
        int value = -1;
        for (int i = at; i < text.length() && Ascii.isDigit(text.charAt(i)); i++) {
            value = Math.min(MAX_REPEAT + 1, Math.max(0, value) * 10 + text.charAt(i) - '0');
        }
        return value;
    }

    private int skipDigits(int at) {
        int i = at;
        while (i < text.length() && Ascii.isDigit(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private int open(int at) {
        int next = at + 1;
        boolean captures = true;
        if (next < text.length() && text.charAt(next) == '?') {
            captures = false;
            if (text.startsWith("?:", next)) {
                next += 2;
            } else {
                plain = false;
            }
        }
        if (++depth > MAX_HEIGHT) {
            fault = TOO_DEEP;
            return next;
        }
        if (depth == groups.length) {
            groups = Arrays.copyOf(groups, depth * 2);
        }
        groups[depth] = new Group();
        groups[depth].captures = captures;
        return next;
    }

    private void close() {
        if (depth == 0) {
            plain = false;
            return;
        }
        Group inner = groups[depth--];
        inner.alternative();
        int height = inner.height + (inner.captures ? 2 : 1);
        if (height > MAX_HEIGHT) {
            fault = TOO_DEEP;
        }
        groups[depth].part(inner.size + 2, height, inner.repeats, inner.anyEmpty);
    }

    private static boolean isPlainEscape(char c) {
        return (c > ' ' && c < 0x7f && !Ascii.isAlphaNumeric(c))
                || c == 'd'
                || c == 'D'
                || c == 'w'
                || c == 'W'
                || c == 's'
                || c == 'S';
    }

    /** {@return the place behind a class, which is not plain unless it consists of ASCII letters, digits and ranges} */
    private int endOfClass(int start) {
        int i = start + 1;
        if (i < text.length() && text.charAt(i) == '^') {
            i++;
        }
        int first = i;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == ']' && i > first) {
                return i + 1;
            }
            if (c == '\\') {
                escape(i + 1);
                plain &= !isRange(i + 2);
                i += 2;
                continue;
            }
            plain &= c < 0x80 && c != '[' && c != ']';
            if (isRange(i + 1)) {
                char to = text.charAt(i + 2);
                plain &= Ascii.isAlphaNumeric(c) && Ascii.isAlphaNumeric(to) && to >= c;
                i += 3;
            } else {
                i++;
            }
        }
        plain = false;
        return i;
    }

    /** {@return whether a minus stands here that does not end the class} */
    private boolean isRange(int at) {
        return at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']';
    }

    /**
     * {@return the expression as the compiler takes it: with backslashes before the braces that are plain characters, behind
     * which it takes a repetition for the second one in a row, and without the names of groups, which it wants to differ}
     */
    static String forCompiler(String text) {
        if (text.indexOf('{') < 0 && !text.contains("(?")) {
            return text;
        }
        RegexSyntax syntax = new RegexSyntax(text);
        StringBuilder changed = new StringBuilder(text.length() + 4);
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int name = c == '(' ? syntax.endOfName(i) : -1;
            if (name > 0) {
                changed.append('(');
                i = name;
                continue;
            }
            int end = c == '\\' ? syntax.endOfEscape(i) : c == '[' ? syntax.endOfClass(i) : i + 1;
            if (c == '{' && !syntax.isRepetition(i)) {
                changed.append('\\');
            }
            changed.append(text, i, Math.min(end, text.length()));
            i = end;
        }
        return changed.toString();
    }

    /** {@return the place behind {@code (?P<name>} or {@code (?<name>}; -1 if none stands here} */
    private int endOfName(int at) {
        int start = text.startsWith("(?P<", at) ? at + 4 : text.startsWith("(?<", at) ? at + 3 : text.length();
        int i = start;
        while (i < text.length() && Ascii.isAlphaNumeric(text.charAt(i))) {
            i++;
        }
        return i > start && i < text.length() && text.charAt(i) == '>' ? i + 1 : -1;
    }

    /** {@return the place behind an escape, with the name or the number in <code>\p{Greek}</code> or <code>\x{41}</code>} */
    private int endOfEscape(int start) {
        int i = Math.min(text.length(), start + 2);
        if (text.startsWith("Q", start + 1)) {
            int end = text.indexOf("\\E", i);
            return end < 0 ? text.length() : end + 2;
        }
        if (i < text.length() && text.charAt(i) == '{' && "pPx".indexOf(text.charAt(i - 1)) >= 0) {
            int end = text.indexOf('}', i);
            return end < 0 ? text.length() : end + 1;
        }
        return i;
    }

    /** {@return whether a repetition such as <code>{2,5}</code> stands here} */
    private boolean isRepetition(int at) {
        int i = skipDigits(at + 1);
        if (i == at + 1) {
            return false;
        }
        if (i < text.length() && text.charAt(i) == ',') {
            i = skipDigits(i + 1);
        }
        return i < text.length() && text.charAt(i) == '}';
    }

    /** {@return whether the expression is one text, or several with bars between} */
    static boolean isAlternatives(String text) {
        return text.chars().noneMatch(c -> "\\.+*?()[]{}^$".indexOf(c) >= 0);
    }

    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
