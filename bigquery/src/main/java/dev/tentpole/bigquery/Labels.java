package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.Locale;

/** Makes labels that BigQuery takes, by its page "Requirements for labels". */
final class Labels {

    /** The most labels of a job. */
    static final int MOST = 64;

    private static final int LONGEST = 63;

    private Labels() {}

    static String key(String key) {
        Args.notBlank("a label's key", key);
        String clean = value(key);
        // A key begins with a letter; what doesn't gets one, so that two keys don't become one.
        return Character.isLetter(clean.codePointAt(0)) ? clean : value("l" + clean);
    }

    static String value(String value) {
        StringBuilder clean = new StringBuilder();
        value.toLowerCase(Locale.ROOT)
                .codePoints()
                .limit(LONGEST)
                .forEach(c -> clean.appendCodePoint(isAllowed(c) ? c : '_'));
        return clean.toString();
    }

    private static boolean isAllowed(int c) {
        boolean letter = Character.isLetterOrDigit(c) && !Character.isUpperCase(c);
        return letter || c == '-' || c == '_';
    }
}
