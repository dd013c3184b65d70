package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/** The values of number and duration tokens. */
final class Numbers {

    private static final int FAST_DIGITS = 15;
    /** The powers of ten, all of them exact. */
    private static final double[] POWERS = new double[FAST_DIGITS];

    private static final String UNITS = "y w d h m s ms";
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final long HOUR = 3600 * SECOND;

    static {
        POWERS[0] = 1;
        for (int i = 1; i < FAST_DIGITS; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    /** What is wrong with the token that was read last, or null. */
    private @Nullable String fault;

    /** {@return what is wrong with the token that was read last, or null} */
    @Nullable
    String fault() {
        return fault;
    }

    /** {@return the value of a number token; 0 if there is a {@link #fault}} */
    double number(String text, int start, int end) {
        fault = null;
        double plain = end - start <= FAST_DIGITS ? plain(text, start, end) : Double.NaN;
        return plain >= 0 ? plain : general(text.substring(start, end));
    }

    /** {@return the value of digits with at most one point among them; not a number if there is anything else} */
    private static double plain(String text, int start, int end) {
        long digits = 0;
        int point = end;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == '.' && point == end) {
                point = i;
            } else if (Ascii.isDigit(c)) {
                digits = digits * 10 + (c - '0');
            } else {
                return Double.NaN;
            }
        }
        boolean octal = text.charAt(start) == '0' && point > start + 1;
        if (octal) {
            return Double.NaN;
        }
        // Both are exact, so that the quotient is the nearest number.
        return point == end ? digits : digits / POWERS[end - point - 1];
    }

    private double general(String word) {
        if (Ascii.isAlpha(word.charAt(0))) {
            return Ascii.toLowerCase(word.charAt(0)) == 'i' ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        if (!separatesDigits(word)) {
            return invalid();
        }
        String digits = word.replace("_", "");
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            if (Ascii.toLowerCase(digits.charAt(1)) == 'x') {
                return integer(digits.substring(2), 16, word);
            }
            if (isOctal(digits)) {
                return integer(digits.substring(1), 8, digits);
            }
        }
        return decimal(digits);
    }

    /** {@return whether each underscore stands between two digits, or behind the prefix of hexadecimal ones} */
    private static boolean separatesDigits(String word) {
        for (int i = word.indexOf('_'); i >= 0; i = word.indexOf('_', i + 1)) {
            boolean behindPrefix = i == 2 && Ascii.toLowerCase(word.charAt(1)) == 'x';
            if ((!behindPrefix && (i == 0 || Character.digit(word.charAt(i - 1), 16) < 0))
                    || i + 1 == word.length()
                    || Character.digit(word.charAt(i + 1), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOctal(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '7') {
                return false;
            }
        }
        return true;
    }

    /** Reads whole numbers up to 2^63; larger octal ones are decimal ones to Prometheus, larger hexadecimal ones none. */
    private double integer(String digits, int base, String otherwise) {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), base);
            if (digit < 0 || value > (Long.MAX_VALUE - digit) / base) {
                return base == 8 ? decimal(otherwise) : invalid();
            }
            value = value * base + digit;
        }
        return digits.isEmpty() ? invalid() : value;
    }

    private double decimal(String digits) {
        if (!isDecimal(digits)) {
            return invalid();
        }
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            fault = "error parsing number: value out of range";
            return 0;
        }
        return value;
    }

    /** {@return whether the text is digits, with at most one point among them, and digits behind an exponent} */
    private static boolean isDecimal(String text) {
        int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
        int end = exponent < 0 ? text.length() : exponent;
        int point = text.indexOf('.');
        if (point != text.lastIndexOf('.') || point > end) {
            return false;
        }
        int digits = exponent + 1;
        if (exponent > 0 && digits < text.length() && !Ascii.isDigit(text.charAt(digits))) {
            digits++;
        }
        return exponent < 0 || (digits < text.length() && isAllDigits(text, digits));
    }

    private static boolean isAllDigits(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!Ascii.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private double invalid() {
        fault = "error parsing number: invalid syntax";
        return 0;
    }

    /** {@return the seconds of a duration token; 0 if there is a {@link #fault}} */
    double duration(String text, int start, int end) {
        fault = null;
        long total = 0;
        int lastUnit = -1;
        int i = start;
        while (i < end) {
            int digits = i;
            while (i < end && Ascii.isDigit(text.charAt(i))) {
                i++;
            }
            int letters = i;
            while (i < end && !Ascii.isDigit(text.charAt(i))) {
                i++;
            }
            if (digits == letters || letters == i || letters - digits > 19) {
                return noDuration(text, start, end);
            }
            int unit = unit(text, letters, i);
            if (unit < 0) {
                fault = "unknown unit " + Hints.quote(text.substring(letters, i)) + " in duration "
                        + Hints.quote(text.substring(start, end));
                return 0;
            }
            if (unit <= lastUnit) {
                return noDuration(text, start, end);
            }
            lastUnit = unit;
            long nanos = nanos(unit);
            long count = count(text, digits, letters);
            if (count < 0 || count > Long.MAX_VALUE / nanos || total + count * nanos < 0) {
                fault = "duration out of range";
                return 0;
            }
            total += count * nanos;
        }
        return Durations.toSeconds(total / MILLI);
    }

    private static long count(String text, int start, int end) {
        long count = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (count > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            count = count * 10 + digit;
        }
        return count;
    }

    private double noDuration(String text, int start, int end) {
        fault = "not a valid duration string: " + Hints.quote(text.substring(start, end));
        return 0;
    }

    /** {@return the place of a unit in {@link #UNITS}, or -1} */
    private static int unit(String text, int start, int end) {
        if (end - start == 2) {
            return text.startsWith("ms", start) ? UNITS.length() : -1;
        }
        return end - start == 1 ? UNITS.indexOf(text.charAt(start)) : -1;
    }

    private static long nanos(int unit) {
        return switch (unit) {
            case 0 -> 365 * 24 * HOUR;
            case 2 -> 7 * 24 * HOUR;
            case 4 -> 24 * HOUR;
            case 6 -> HOUR;
            case 8 -> 60 * SECOND;
            case 10 -> SECOND;
            default -> MILLI;
        };
    }
}
