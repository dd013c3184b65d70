package dev.tentpole.bigquery;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates in the patterns that Grafana knows, those of Moment.js, in UTC and in English. */
final class MacroDates {

    /** The longest first; what stands in brackets is text, and so is all else. */
    private static final Pattern TOKEN =
            Pattern.compile("\\[([^\\[\\]]*)]|YYYY|YY|Qo|Q|MMMM|MMM|MM|Mo|M|DDDD|DDDo|DDD|DD|Do|D"
                    + "|dddd|ddd|dd|do|d|e|E|GGGG|GG|WW|Wo|W|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,9}|A|a|X|x|ZZ|Z");

    private MacroDates() {}

    /** {@return the time in the pattern, null if the pattern asks for what depends on a language's customs} */
    static @Nullable String format(Instant time, String pattern) {
        OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
        StringBuilder out = new StringBuilder();
        Matcher matcher = TOKEN.matcher(pattern);
        int copied = 0;
        while (matcher.find()) {
            if (!isPlain(pattern, copied, matcher.start())) {
                return null;
            }
            out.append(pattern, copied, matcher.start());
            String text = matcher.group(1);
            out.append(text != null ? text : part(utc, matcher.group()));
            copied = matcher.end();
        }
        return isPlain(pattern, copied, pattern.length())
                ? out.append(pattern, copied, pattern.length()).toString()
                : null;
    }

    /** {@code L}, {@code LLL}, {@code w}, {@code g}, {@code N}, {@code z} are other dates in other countries. */
    private static boolean isPlain(String pattern, int from, int to) {
        for (int i = from; i < to; i++) {
            if ("LlwgNnyz".indexOf(pattern.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static String part(OffsetDateTime time, String token) {
        DayOfWeek day = time.getDayOfWeek();
        int hour12 = (time.getHour() + 11) % 12 + 1;
        int hour24 = time.getHour() == 0 ? 24 : time.getHour();
        return switch (token) {
            case "YYYY" -> padded(time.getYear(), 4);
            case "YY" -> padded(time.getYear() % 100, 2);
            case "Q" -> Integer.toString(time.get(IsoFields.QUARTER_OF_YEAR));
            case "Qo" -> ordinal(time.get(IsoFields.QUARTER_OF_YEAR));
            case "MMMM" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "MMM" ->
                time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
            case "MM" -> padded(time.getMonthValue(), 2);
            case "M" -> Integer.toString(time.getMonthValue());
            case "Mo" -> ordinal(time.getMonthValue());
            case "DDDD" -> padded(time.getDayOfYear(), 3);
            case "DDD" -> Integer.toString(time.getDayOfYear());
            case "DDDo" -> ordinal(time.getDayOfYear());
            case "DD" -> padded(time.getDayOfMonth(), 2);
            case "D" -> Integer.toString(time.getDayOfMonth());
            case "Do" -> ordinal(time.getDayOfMonth());
            case "dddd" -> day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "ddd" -> day.getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
            case "dd" -> day.getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 2);
            case "d", "e" -> Integer.toString(day.getValue() % 7);
            case "do" -> ordinal(day.getValue() % 7);
            case "E" -> Integer.toString(day.getValue());
            case "GGGG" -> padded(time.get(IsoFields.WEEK_BASED_YEAR), 4);
            case "GG" -> padded(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2);
            case "WW" -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
            case "W" -> Integer.toString(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case "Wo" -> ordinal(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case "HH" -> padded(time.getHour(), 2);
            case "H" -> Integer.toString(time.getHour());
            case "hh" -> padded(hour12, 2);
            case "h" -> Integer.toString(hour12);
            case "kk" -> padded(hour24, 2);
            case "k" -> Integer.toString(hour24);
            case "mm" -> padded(time.getMinute(), 2);
            case "m" -> Integer.toString(time.getMinute());
            case "ss" -> padded(time.getSecond(), 2);
            case "s" -> Integer.toString(time.getSecond());
            case "A" -> time.getHour() < 12 ? "AM" : "PM";
            case "a" -> time.getHour() < 12 ? "am" : "pm";
            case "X" -> Long.toString(time.toEpochSecond());
            case "x" -> Long.toString(time.toInstant().toEpochMilli());
            case "Z" -> "+00:00";
            case "ZZ" -> "+0000";
            default -> padded(time.get(ChronoField.NANO_OF_SECOND), 9).substring(0, token.length());
        };
    }

    private static String padded(int number, int digits) {
        String text = Integer.toString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    private static String ordinal(int number) {
        boolean teen = number % 100 / 10 == 1;
        String suffix = teen
                ? "th"
                : switch (number % 10) {
                    case 1 -> "st";
                    case 2 -> "nd";
                    case 3 -> "rd";
                    default -> "th";
                };
        return number + suffix;
    }
}
