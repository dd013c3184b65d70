package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;

/**
 * Dates and times as GoogleSQL casts texts to them: {@code 2024-1-31}, {@code 2024-01-31 12:30:00.5}, and for a timestamp
 * {@code Z}, an offset or the name of a zone behind it. What BigQuery refuses is refused here too, since {@code SAFE_CAST} makes a
 * null of it; so are a few texts that it takes, such as those with a leap second.
 */
final class SqlTimeText {

    private static final int MOST_HOURS = 14;
    /** BigQuery refuses nanoseconds, which ZetaSQL takes (tried there: issue 75187 of airbytehq/airbyte). */
    private static final int MOST_FRACTION = 6;

    private final String text;
    private int at;

    private SqlTimeText(String text) {
        this.text = text;
    }

    /** Days since 1970; throws {@link DateTimeException} if the text is no date. */
    static long days(String text) {
        SqlTimeText reader = new SqlTimeText(text);
        LocalDate date = reader.date();
        reader.end();
        return date.toEpochDay();
    }

    /** A date and time without a zone, as if it were one of UTC; throws {@link DateTimeException} if the text is none. */
    static Instant datetime(String text) {
        SqlTimeText reader = new SqlTimeText(text);
        LocalDateTime time = reader.date().atTime(reader.time());
        reader.end();
        return time.toInstant(ZoneOffset.UTC);
    }

    /**
     * A point in time; throws {@link DateTimeException} if the text is none.
     *
     * @param zone that of a text without one
     */
    static Instant timestamp(String text, ZoneId zone) {
        SqlTimeText reader = new SqlTimeText(text);
        LocalDate date = reader.date();
        int before = reader.at;
        LocalTime time = reader.time();
        String behind = text.substring(reader.at);
        ZoneId at = zone;
        if (reader.at == before && !behind.isEmpty()) {
            // Behind a day alone, an offset alone, and a space between them.
            at = offset(behind.startsWith(" ") ? behind.substring(1) : "");
        } else if (behind.equalsIgnoreCase("Z")) {
            at = ZoneOffset.UTC;
        } else if (behind.startsWith(" ") && !isSign(behind.charAt(Math.min(1, behind.length() - 1)))) {
            at = zone(behind.substring(1));
        } else if (!behind.isEmpty()) {
            at = offset(behind);
        }
        return date.atTime(time).atZone(at).toInstant();
    }

    private LocalDate date() {
        int year = number(4, 4);
        sign('-');
        int month = number(1, 2);
        sign('-');
        return LocalDate.of(year, month, number(1, 2));
    }

    /** Midnight if the text ends, or if what follows the date is no time. */
    private LocalTime time() {
        boolean follows = at + 1 < text.length()
                && (text.charAt(at) == ' ' || (text.charAt(at) | 0x20) == 't')
                && SqlLexer.isDigit(text.charAt(at + 1));
        if (!follows) {
            return LocalTime.MIDNIGHT;
        }
        at++;
        int hour = number(1, 2);
        sign(':');
        int minute = number(1, 2);
        sign(':');
        int second = number(1, 2);
        int nanos = 0;
        if (at < text.length() && text.charAt(at) == '.') {
            int start = ++at;
            nanos = number(1, MOST_FRACTION);
            for (int digits = at - start; digits < 9; digits++) {
                nanos *= 10;
            }
        }
        return LocalTime.of(hour, minute, second, nanos);
    }

    private int number(int fewest, int most) {
        int start = at;
        int number = 0;
        while (at < text.length() && at - start < most && SqlLexer.isDigit(text.charAt(at))) {
            number = number * 10 + (text.charAt(at++) - '0');
        }
        if (at - start < fewest) {
            throw new DateTimeException("no number");
        }
        return number;
    }

    private void sign(char sign) {
        if (at == text.length() || text.charAt(at++) != sign) {
            throw new DateTimeException("no " + sign);
        }
    }

    private void end() {
        if (at < text.length()) {
            throw new DateTimeException("more than a time");
        }
    }

    private static boolean isSign(char c) {
        return c == '+' || c == '-';
    }

    /** The zone of that name or offset, as functions take it; throws {@link DateTimeException} if there is none. */
    static ZoneId zone(String name) {
        if (!name.isEmpty() && isSign(name.charAt(0))) {
            return offset(name);
        }
        if (name.startsWith("UTC") && name.length() > 3) {
            return offset(name.substring(3));
        }
        if (!ZoneRulesProvider.getAvailableZoneIds().contains(name)) {
            throw new DateTimeException("no zone");
        }
        return ZoneId.of(name);
    }

    /** A sign, hours, and minutes with or without a colon: {@code +5}, {@code -05:30}, {@code +0530}. */
    private static ZoneOffset offset(String written) {
        SqlTimeText reader = new SqlTimeText(written);
        if (written.isEmpty() || !isSign(written.charAt(0))) {
            throw new DateTimeException("no offset");
        }
        reader.at = 1;
        int hours = reader.number(1, 2);
        int minutes = 0;
        if (reader.at < written.length()) {
            boolean colon = written.charAt(reader.at) == ':';
            reader.at += colon ? 1 : 0;
            minutes = reader.number(2, 2);
            reader.end();
        }
        if (hours * 60 + minutes > MOST_HOURS * 60 || minutes > 59) {
            throw new DateTimeException("no offset");
        }
        int sign = written.charAt(0) == '-' ? -1 : 1;
        return hours == 0 && minutes == 0 ? ZoneOffset.UTC : ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }
}
