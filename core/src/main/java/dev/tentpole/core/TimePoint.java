package dev.tentpole.core;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/**
 * Reads one point in time as Grafana writes it: epoch milliseconds, an ISO-8601 instant, or relative to now.
 *
 * <p>The relative form is Grafana's date math: {@code now-1d/d}.
 */
final class TimePoint {

    private static final int LONGEST = 64;

    private final String name;
    private final String text;
    private int at;

    private TimePoint(String name, String text) {
        this.name = name;
        this.text = text;
    }

    static Instant parse(String name, String text, Instant now, ZoneId zone, boolean roundUp) {
        TimePoint point = new TimePoint(name, text.strip());
        try {
            return point.parse(now, zone, roundUp);
        } catch (DateTimeException | ArithmeticException e) {
            throw point.refused("is outside of what a clock can show", e);
        }
    }

    private Instant parse(Instant now, ZoneId zone, boolean roundUp) {
        if (text.length() > LONGEST) {
            throw refused("is longer than " + LONGEST + " characters", null);
        }
        if (text.startsWith("now")) {
            at = 3;
            return relative(now.atZone(zone), roundUp);
        }
        try {
            return Instant.ofEpochMilli(Long.parseLong(text));
        } catch (NumberFormatException notMillis) {
            return iso();
        }
    }

    private Instant iso() {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw refused(
                    "is neither epoch milliseconds, nor an instant like 2026-11-23T10:00:00Z, nor relative like now-6h",
                    e);
        }
    }

    private Instant relative(ZonedDateTime now, boolean roundUp) {
        ZonedDateTime time = now;
        while (at < text.length()) {
            char sign = text.charAt(at++);
            if (sign == '/') {
                time = round(time, unit(), roundUp);
            } else if (sign == '+' || sign == '-') {
                long amount = amount();
                time = plus(time, sign == '-' ? -amount : amount, unit());
            } else {
                throw refused("has '" + sign + "' where +, - or / belongs", null);
            }
        }
        return time.toInstant();
    }

    private long amount() {
        int start = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            return 1;
        }
        try {
            return Long.parseLong(text.substring(start, at));
        } catch (NumberFormatException e) {
            throw refused("has a number that is too large", e);
        }
    }

    private String unit() {
        int start = at;
        if (text.startsWith("ms", at)) {
            at += 2;
        } else if (at < text.length() && "smhdwMQy".indexOf(text.charAt(at)) >= 0) {
            at++;
        } else {
            throw refused("lacks a unit at character " + (at + 1) + ": one of ms, s, m, h, d, w, M, Q, y", null);
        }
        return text.substring(start, at);
    }

    private static ZonedDateTime plus(ZonedDateTime time, long amount, String unit) {
        return switch (unit) {
            case "ms" -> time.plus(amount, ChronoUnit.MILLIS);
            case "s" -> time.plusSeconds(amount);
            case "m" -> time.plusMinutes(amount);
            case "h" -> time.plusHours(amount);
            case "d" -> time.plusDays(amount);
            case "w" -> time.plusWeeks(amount);
            case "M" -> time.plusMonths(amount);
            case "Q" -> time.plusMonths(Math.multiplyExact(3, amount));
            default -> time.plusYears(amount);
        };
    }

    private static ZonedDateTime round(ZonedDateTime time, String unit, boolean up) {
        ZonedDateTime start = switch (unit) {
            case "ms" -> time.truncatedTo(ChronoUnit.MILLIS);
            case "s" -> time.truncatedTo(ChronoUnit.SECONDS);
            case "m" -> time.truncatedTo(ChronoUnit.MINUTES);
            case "h" -> time.truncatedTo(ChronoUnit.HOURS);
            case "d" -> time.truncatedTo(ChronoUnit.DAYS);
            case "w" -> time.truncatedTo(ChronoUnit.DAYS).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case "M" -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
            case "Q" -> {
                int quarterStart = (time.getMonthValue() - 1) / 3 * 3 + 1;
                yield time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).withMonth(quarterStart);
            }
            default -> time.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
        };
        return up ? plus(start, 1, unit).minus(1, ChronoUnit.MILLIS) : start;
    }

    private IllegalArgumentException refused(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return new IllegalArgumentException(name + " = \"" + shown + "\" " + why, cause);
    }
}
