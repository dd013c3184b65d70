package dev.tentpole.promql;

import java.nio.charset.StandardCharsets;

/** The character classes of PromQL, which know ASCII only. */
final class Ascii {

    private static final byte ALPHA = 1;
    private static final byte DIGIT = 2;
    private static final byte SPACE = 4;
    private static final int CHARACTERS = 128;
    private static final byte[] CLASSES = new byte[CHARACTERS];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            CLASSES[c] = ALPHA;
            CLASSES[c - 'a' + 'A'] = ALPHA;
        }
        CLASSES['_'] = ALPHA;
        for (char c = '0'; c <= '9'; c++) {
            CLASSES[c] = DIGIT;
        }
        CLASSES[' '] = SPACE;
        CLASSES['\t'] = SPACE;
        CLASSES['\n'] = SPACE;
        CLASSES['\r'] = SPACE;
    }

    private Ascii() {}

    static boolean isAlpha(int c) {
        return c >= 0 && c < 128 && CLASSES[c] == ALPHA;
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAlphaNumeric(int c) {
        return c >= 0 && c < 128 && (CLASSES[c] & (ALPHA | DIGIT)) != 0;
    }

    static boolean isSpace(int c) {
        return c >= 0 && c < 128 && CLASSES[c] == SPACE;
    }

    static char toLowerCase(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    static String toLowerCase(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            lower.append(toLowerCase(text.charAt(i)));
        }
        return lower.toString();
    }

    /** {@return whether the text is a label name that needs no quotes: {@code [a-zA-Z_][a-zA-Z0-9_]*}} */
    static boolean isLabelName(String text) {
        return Signs.isName(text.getBytes(StandardCharsets.UTF_8), false);
    }
}
