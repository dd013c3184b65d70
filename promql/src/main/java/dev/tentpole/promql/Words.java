package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/** Keywords, found by a slice of the query without a copy of it. Keywords are known in upper and lower case. */
final class Words {

    /** At most a sixth full, so that a word that is no keyword is mostly answered by the first slot. */
    private static final int SLOTS = 256;

    private static final int MAX_LENGTH = 12;
    private static final @Nullable Token[] TABLE = new Token[SLOTS];
    private static final String[] TEXTS = new String[SLOTS];

    static {
        for (Token token : Token.values()) {
            String text = token.text();
            if (text != null && token.isWord()) {
                add(text, token);
            }
        }
        add("inf", Token.NUMBER);
        add("nan", Token.NUMBER);
    }

    private Words() {}

    private static void add(String text, Token token) {
        int slot = slot(text, 0, text.length());
        while (TABLE[slot] != null) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        TABLE[slot] = token;
        TEXTS[slot] = text;
    }

    /** Tells words apart by their length and three of their characters, in which upper and lower case are one. */
    private static int slot(String text, int start, int end) {
        int first = text.charAt(start) | 0x20;
        int middle = text.charAt((start + end) >>> 1) | 0x20;
        int last = text.charAt(end - 1) | 0x20;
        return (first * 5 + middle * 29 + last * 3 + (end - start) * 37) & (SLOTS - 1);
    }

    /** {@return the keyword at a place of a text at the newest level, {@link Token#IDENTIFIER} if there is none} */
    static Token keyword(String text, int start, int end) {
        if (end - start > MAX_LENGTH) {
            return Token.IDENTIFIER;
        }
        int slot = slot(text, start, end);
        Token candidate = TABLE[slot];
        while (candidate != null) {
            if (isWord(text, start, end, TEXTS[slot])) {
                return candidate;
            }
            slot = (slot + 1) & (SLOTS - 1);
            candidate = TABLE[slot];
        }
        return Token.IDENTIFIER;
    }

    private static boolean isWord(String text, int start, int end, String word) {
        if (end - start != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (Ascii.toLowerCase(text.charAt(start + i)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether the level knows the keyword; others are plain names to it} */
    static boolean isKnown(Token keyword, LanguageLevel level) {
        if (level == LanguageLevel.PROMETHEUS_3_14) {
            return true;
        }
        return switch (keyword) {
            case FILL, FILL_LEFT, FILL_RIGHT, ANCHORED, SMOOTHED, STEP, RANGE, MAX_OF, MIN_OF -> false;
            default -> true;
        };
    }

    /** {@return whether the name can stand in front of braces without quotes} */
    static boolean isBareMetricName(String name) {
        return Ascii.isMetricName(name)
                ? keyword(name, 0, name.length()).isMetricName()
                : !Ascii.isDigit(name.charAt(0)) && Templates.isTemplated(name, true);
    }

    /** {@return whether the label can stand in {@code by (…)} without quotes} */
    static boolean isBareGroupingLabel(String label) {
        return Ascii.isLabelName(label) && keyword(label, 0, label.length()).isGroupingLabel();
    }
}
