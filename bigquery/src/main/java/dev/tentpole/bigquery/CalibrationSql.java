package dev.tentpole.bigquery;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;

/** The queries whose dry runs measure a table. */
final class CalibrationSql {

    /** The partition of rows without a value. */
    static final String NULL = "__NULL__";

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuuMMddHH");
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuuMM");
    private static final DateTimeFormatter LITERAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final LocalDateTime FIRST = LocalDateTime.of(1, 1, 1, 0, 0);

    private CalibrationSql() {}

    /** {@return a query that reads one leaf and nothing else; arrays of structs are unnested on the way} */
    static String leaf(TableStats table, List<TableField> path) {
        StringBuilder from = new StringBuilder(" FROM `").append(table.name()).append("` AS t0");
        StringBuilder reference = new StringBuilder("t0");
        int unnested = 0;
        for (TableField field : path) {
            reference.append(".`").append(field.name()).append('`');
            if (Calibrator.isArrayOfStructs(field)) {
                unnested++;
                from.append(", UNNEST(").append(reference).append(") AS t").append(unnested);
                reference.setLength(0);
                reference.append('t').append(unnested);
            }
        }
        return "SELECT " + reference + from;
    }

    /** {@return the condition that selects a partition, empty if its id is none that can be selected} */
    static String predicate(TableStats table, String id) {
        TablePartitioning partitioning = table.partitioning().orElse(null);
        if (partitioning == null) {
            return "";
        }
        String column = column(partitioning);
        if (id.equals(NULL)) {
            return column + " IS NULL";
        }
        try {
            if (partitioning.unit() == TablePartitioning.Unit.RANGE) {
                long start = Long.parseLong(id);
                return column + " >= " + start + " AND " + column + " <= " + partitioning.last(start);
            }
            LocalDateTime start = start(partitioning.unit(), id);
            String type = type(table, partitioning);
            return column + " >= " + literal(type, start) + " AND " + column + " < "
                    + literal(type, end(partitioning.unit(), start));
        } catch (DateTimeParseException | NumberFormatException e) {
            return "";
        }
    }

    /** {@return the condition that selects all partitions but those of rows without a value} */
    static String everything(TableStats table) {
        TablePartitioning partitioning = table.partitioning().orElseThrow();
        String first = partitioning.unit() == TablePartitioning.Unit.RANGE
                ? Long.toString(Long.MIN_VALUE + 1)
                : literal(type(table, partitioning), FIRST);
        return column(partitioning) + " >= " + first;
    }

    private static String column(TablePartitioning partitioning) {
        return partitioning.field().map(name -> "`" + name + "`").orElse("_PARTITIONTIME");
    }

    private static String type(TableStats table, TablePartitioning partitioning) {
        String name = partitioning.field().orElse("");
        return table.fields().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(field -> field.type().name())
                .findFirst()
                .orElse("TIMESTAMP");
    }

    private static String literal(String type, LocalDateTime time) {
        return switch (type) {
            case "DATE" -> "DATE '" + time.toLocalDate() + "'";
            case "DATETIME" -> "DATETIME '" + LITERAL.format(time) + "'";
            default -> "TIMESTAMP '" + LITERAL.format(time) + "+00:00'";
        };
    }

    private static LocalDateTime start(TablePartitioning.Unit unit, String id) {
        return switch (unit) {
            case HOUR -> LocalDateTime.parse(id, HOUR);
            case MONTH -> YearMonth.parse(id, MONTH).atDay(1).atStartOfDay();
            case YEAR -> Year.parse(id).atDay(1).atStartOfDay();
            default -> LocalDate.parse(id, DateTimeFormatter.BASIC_ISO_DATE).atStartOfDay();
        };
    }

    private static LocalDateTime end(TablePartitioning.Unit unit, LocalDateTime start) {
        return switch (unit) {
            case HOUR -> start.plusHours(1);
            case MONTH -> start.plusMonths(1);
            case YEAR -> start.plusYears(1);
            default -> start.plusDays(1);
        };
    }
}
