package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/** Finds the end of texts in quotes, and what is wrong with their escapes. */
final class StringScanner {

    private static final int END = -1;
    private static final int OCTAL = 8;
    private static final int HEXADECIMAL = 16;
    private static final int MAX_BYTE = 255;
    private static final String UNFINISHED_ESCAPE = "escape sequence not terminated";

    private final String text;

    private int pos;
    private boolean escaped;
    private @Nullable String flaw;
    private @Nullable String hint;
    private String end = "";

    StringScanner(String text) {
        this.text = text;
    }

    /** {@return whether there are escapes in the text that was scanned last} */
    boolean escaped() {
        return escaped;
    }

    /** {@return the first thing that is wrong within the text that was scanned last, or null} */
    @Nullable
    String flaw() {
        return flaw;
    }

    /** {@return what may have been meant by the {@link #flaw}, or null} */
    @Nullable
    String hint() {
        return hint;
    }

    /** {@return why the text that was scanned last has no end} */
    String end() {
        return end;
    }

    /** {@return the place behind the text that starts at a place with its quote; -1 if it has no end} */
    int scan(int start) {
        char quote = text.charAt(start);
        boolean raw = quote == '`';
        pos = start + 1;
        escaped = false;
        flaw = null;
        hint = null;
        while (true) {
            int c = peek();
            if (c == quote) {
                return pos + 1;
            }
            if (c == END || (c == '\n' && !raw)) {
                end = raw ? "unterminated raw string" : "unterminated quoted string";
                return -1;
            }
            if (c == '\\' && !raw) {
                escaped = true;
                if (!escape(quote)) {
                    end = UNFINISHED_ESCAPE;
                    return -1;
                }
            } else if (c < 0x80) {
                pos++;
            } else {
                rune(c);
            }
        }
    }

    private int peek() {
        return pos < text.length() ? text.charAt(pos) : END;
    }

    /** Passes over a character that is not ASCII. */
    private void rune(int c) {
        int rune = text.codePointAt(pos);
        if (c == 0xFFFD || isSurrogate(rune)) {
            flaw("invalid UTF-8 rune", null);
        }
        pos += Character.charCount(rune);
    }

    private static boolean isSurrogate(long rune) {
        return rune >= Character.MIN_SURROGATE && rune <= Character.MAX_SURROGATE;
    }

    private void flaw(String message, @Nullable String guess) {
        if (flaw == null) {
            flaw = message;
            hint = guess;
        }
    }

    /** Passes over an escape; false if the query ends in it. */
    private boolean escape(char quote) {
        pos++;
        int c = peek();
        switch (c) {
            case 'a', 'b', 'f', 'n', 'r', 't', 'v', '\\' -> pos++;
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                return digits(3, OCTAL, MAX_BYTE);
            }
            case 'x' -> {
                pos++;
                return digits(2, HEXADECIMAL, MAX_BYTE);
            }
            case 'u' -> {
                pos++;
                return digits(4, HEXADECIMAL, Character.MAX_CODE_POINT);
            }
            case 'U' -> {
                pos++;
                return digits(8, HEXADECIMAL, Character.MAX_CODE_POINT);
            }
            case END -> {
                return false;
            }
            default -> {
                if (c == quote) {
                    pos++;
                } else {
                    flaw("unknown escape sequence " + Hints.unicode(text.codePointAt(pos)), Hints.ESCAPE);
                }
            }
        }
        return true;
    }

    private boolean digits(int count, int base, long max) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            int c = peek();
            if (c == END) {
                return false;
            }
            int digit = c < 0x80 ? Character.digit(c, base) : -1;
            if (digit < 0) {
                flaw("illegal character " + Hints.unicode(text.codePointAt(pos)) + " in escape sequence", Hints.ESCAPE);
                return true;
            }
            value = value * base + digit;
            pos++;
        }
        if (value > max || isSurrogate(value)) {
            flaw("escape sequence is an invalid Unicode code point", null);
        }
        return true;
    }
}
