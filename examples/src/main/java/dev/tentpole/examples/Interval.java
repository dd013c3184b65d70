package dev.tentpole.examples;

import java.time.Duration;
import java.util.Optional;

/**
 * A span of time as panels write it: a number and one of ms, s, m, h, d, w, y, as in {@code 30s}.
 */
final class Interval {

    private Interval() {}

    /** Returns nothing if the text is not an interval, or is zero, or longer than 292 years. */
    static Optional<Duration> parse(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits == 0 || digits > 15) {
            return Optional.empty();
        }
        long amount = Long.parseLong(text.substring(0, digits));
        long unitMillis = switch (text.substring(digits)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            case "w" -> 7 * 86_400_000L;
            case "y" -> 365 * 86_400_000L;
            default -> 0;
        };
        if (amount == 0 || unitMillis == 0 || amount > Long.MAX_VALUE / 1_000_000 / unitMillis) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis(amount * unitMillis));
    }

    /** The largest unit that divides the duration. */
    static String format(Duration interval) {
        long millis = Math.max(1, interval.toMillis());
        if (millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }
}
