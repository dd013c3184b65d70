package dev.tentpole.bigquery;

/** Numbers from characters, without a string where that is exact. */
final class WireNumbers {

    /** Up to so many digits a double holds exactly what they say. */
    private static final int EXACT_DIGITS = 15;

    private static final int SAFE_LONG_DIGITS = 18;

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private WireNumbers() {}

    static long parseLong(char[] chars, int start, int length) {
        boolean negative = length > 0 && chars[start] == '-';
        int first = negative ? start + 1 : start;
        int end = start + length;
        if (end - first > SAFE_LONG_DIGITS || end == first) {
            return Long.parseLong(new String(chars, start, length));
        }
        long value = 0;
        for (int i = first; i < end; i++) {
            int digit = chars[i] - '0';
            if (digit < 0 || digit > 9) {
                return Long.parseLong(new String(chars, start, length));
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /**
     * Few digits over a small power of ten is one division of two exact doubles, which rounds correctly (Clinger, "How to
     * Read Floating Point Numbers Accurately", 1990); everything else is left to the JDK.
     */
    static double parseDouble(char[] chars, int start, int length) {
        boolean negative = length > 0 && chars[start] == '-';
        int end = start + length;
        long value = 0;
        int digits = 0;
        int point = -1;
        for (int i = negative ? start + 1 : start; i < end; i++) {
            char c = chars[i];
            if (c == '.' && point < 0) {
                point = i;
            } else if (c >= '0' && c <= '9' && digits < EXACT_DIGITS) {
                value = value * 10 + (c - '0');
                digits++;
            } else {
                return slow(chars, start, length);
            }
        }
        if (digits == 0) {
            return slow(chars, start, length);
        }
        double exact = point < 0 ? value : value / POWERS[end - point - 1];
        return negative ? -exact : exact;
    }

    private static double slow(char[] chars, int start, int length) {
        String text = new String(chars, start, length);
        return switch (text) {
            case "inf", "+inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-inf", "-Inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.parseDouble(text);
        };
    }
}
