package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keywords, found by a slice of the query without a copy of it. Keywords are known in upper and lower case. */
final class Words {

    private static final int MAX_LENGTH = 12;

    /** Tokens by length and first letter. */
    private static final @Nullable Token[][] TABLE = new Token[(MAX_LENGTH + 1) * 26][];

    private static final String INF = "inf";
    private static final String NAN = "nan";

    static {
        List<List<Token>> slots = new ArrayList<>();
        for (int i = 0; i < TABLE.length; i++) {
            slots.add(new ArrayList<>());
        }
        for (Token token : Token.values()) {
            String text = token.text();
            if (text != null && token.isWord()) {
                slots.get(text.length() * 26 + text.charAt(0) - 'a').add(token);
            }
        }
        for (int i = 0; i < TABLE.length; i++) {
            if (!slots.get(i).isEmpty()) {
                TABLE[i] = slots.get(i).toArray(new Token[0]);
            }
        }
    }

    private Words() {}

    /** {@return the keyword at a place of a text at the newest level, {@link Token#IDENTIFIER} if there is none} */
    static Token keyword(String text, int start, int end) {
        int length = end - start;
        int letter = Ascii.toLowerCase(text.charAt(start)) - 'a';
        if (length > MAX_LENGTH || letter < 0 || letter >= 26) {
            return Token.IDENTIFIER;
        }
        @Nullable Token[] candidates = TABLE[length * 26 + letter];
        if (candidates != null) {
            for (Token candidate : candidates) {
                if (text.regionMatches(true, start, candidate.text(), 0, length)) {
                    return candidate;
                }
            }
        } else if (length == 3 && isNumber(text, start)) {
            return Token.NUMBER;
        }
        return Token.IDENTIFIER;
    }

    private static boolean isNumber(String text, int start) {
        return text.regionMatches(true, start, INF, 0, 3) || text.regionMatches(true, start, NAN, 0, 3);
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
                : Templates.isTemplated(name, true);
    }

    /** {@return whether the label can stand in {@code by (…)} without quotes} */
    static boolean isBareGroupingLabel(String label) {
        return Ascii.isLabelName(label) && keyword(label, 0, label.length()).isGroupingLabel();
    }
}
