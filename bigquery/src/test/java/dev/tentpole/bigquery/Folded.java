package dev.tentpole.bigquery;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** What the estimate takes a constant expression for, written as GoogleSQL's {@code FORMAT('%T', …)} writes a value. */
final class Folded {

    static final Instant NOW = Instant.parse("2024-01-31T12:34:56Z");

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private Folded() {}

    /** {@return the value of an expression; empty if it is not understood} */
    static Optional<String> value(String expression) {
        SqlExpr expr = ((SqlQuery.Select) SqlStatementParser.parse("SELECT " + expression)
                        .get(0)
                        .query()
                        .body())
                .items()
                .get(0)
                .expr();
        SqlFold fold = new SqlFold(NOW, ZoneOffset.UTC, List.of(), ZoneOffset.UTC);
        SqlValue value = fold.value(expr, fold.times(SqlScope.root()));
        return value == null ? Optional.empty() : Optional.of(written(value));
    }

    private static String written(SqlValue value) {
        TableField.Type type = value.type();
        if (type == null) {
            return "NULL";
        }
        return switch (type) {
            case DATE -> "DATE \"" + LocalDate.ofEpochDay((Long) value.value()) + "\"";
            case DATETIME -> "DATETIME \"" + time((Long) value.value()) + "\"";
            case TIMESTAMP -> "TIMESTAMP \"" + time((Long) value.value()) + "+00\"";
            case STRING -> "\"" + value.value() + "\"";
            default -> String.valueOf(value.value());
        };
    }

    private static String time(long micros) {
        LocalDateTime time = LocalDateTime.ofInstant(SqlValue.at(micros), ZoneOffset.UTC);
        long fraction = Math.floorMod(micros, 1_000_000L);
        String digits = fraction == 0
                ? ""
                : fraction % 1_000 == 0 ? String.format(".%03d", fraction / 1_000) : String.format(".%06d", fraction);
        return SECONDS.format(time) + digits;
    }
}
