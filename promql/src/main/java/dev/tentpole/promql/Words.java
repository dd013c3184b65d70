package dev.tentpole.promql;

import java.nio.charset.StandardCharsets;

/** Keywords, found by a slice of the query without a copy of it. Keywords are known in upper and lower case. */
final class Words {

    /** At most a sixth full, so that a word that is no keyword is mostly answered by the first slot. */
    private static final int SLOTS = 256;

    private static final int LOWER_CASE = 0x20;
    private static final int MAX_LENGTH = 12;
    private static final byte[] TABLE = new byte[SLOTS];
    private static final byte[][] TEXTS = new byte[SLOTS][];

    static {
        for (int token = 0; token < Token.KINDS; token++) {
            String text = Token.text(token);
            if (text != null && Token.isWord(token)) {
                add(text, token);
            }
        }
        add("inf", Token.NUMBER);
        add("nan", Token.NUMBER);
    }

    private Words() {}

    private static void add(String text, int token) {
        byte[] signs = text.getBytes(StandardCharsets.UTF_8);
        int slot = slot(signs, 0, signs.length);
        while (TABLE[slot] != 0) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        TABLE[slot] = (byte) token;
        TEXTS[slot] = signs;
    }

    /** Tells words apart by their length and three of their characters, in which upper and lower case are one. */
    private static int slot(byte[] signs, int start, int end) {
        int first = signs[start] | LOWER_CASE;
        int middle = signs[(start + end) >>> 1] | LOWER_CASE;
        int last = signs[end - 1] | LOWER_CASE;
        return (first * 5 + middle * 29 + last * 3 + (end - start) * 37) & (SLOTS - 1);
    }

    /**
     * {@return the keyword at a place of a text at the newest level, {@link Token#IDENTIFIER} if there is none}
     *
     * @param signs the text as {@link Signs}
     * @param start where a name starts
     * @param end where it ends
     */
    static int keyword(byte[] signs, int start, int end) {
        if (end - start > MAX_LENGTH) {
            return Token.IDENTIFIER;
        }
        int slot = slot(signs, start, end);
        int candidate = TABLE[slot];
        while (candidate != 0) {
            if (isWord(signs, start, end, TEXTS[slot])) {
                return candidate;
            }
            slot = (slot + 1) & (SLOTS - 1);
            candidate = TABLE[slot];
        }
        return Token.IDENTIFIER;
    }

    /** Compares without upper and lower case; an underscore, too, becomes something else, and nothing else becomes that. */
    private static boolean isWord(byte[] signs, int start, int end, byte[] word) {
        if (end - start != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if ((signs[start + i] | LOWER_CASE) != (word[i] | LOWER_CASE)) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether the level knows the keyword; others are plain names to it} */
    static boolean isKnown(int keyword, LanguageLevel level) {
        if (level == LanguageLevel.PROMETHEUS_3_14) {
            return true;
        }
        return switch (keyword) {
            case Token.FILL,
                    Token.FILL_LEFT,
                    Token.FILL_RIGHT,
                    Token.ANCHORED,
                    Token.SMOOTHED,
                    Token.STEP,
                    Token.RANGE,
                    Token.MAX_OF,
                    Token.MIN_OF -> false;
            default -> true;
        };
    }

    /** {@return whether the name can stand in front of braces without quotes} */
    static boolean isBareMetricName(String name) {
        byte[] signs = name.getBytes(StandardCharsets.UTF_8);
        return Signs.isName(signs, true)
                ? Token.isMetricName(keyword(signs, 0, signs.length))
                : !Ascii.isDigit(name.charAt(0)) && Templates.isTemplated(name, true);
    }

    /** {@return whether the label can stand in {@code by (…)} without quotes} */
    static boolean isBareGroupingLabel(String label) {
        byte[] signs = label.getBytes(StandardCharsets.UTF_8);
        return Signs.isName(signs, false) && Token.isGroupingLabel(keyword(signs, 0, signs.length));
    }
}
