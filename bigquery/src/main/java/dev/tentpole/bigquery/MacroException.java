package dev.tentpole.bigquery;

import java.io.Serial;

/**
 * A macro or a variable of a query can't be expanded.
 */
public final class MacroException extends BigQueryException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Where. */
    private final int offset;

    /** The line. */
    private final int line;

    /** The column. */
    private final int column;

    private MacroException(String message, int offset, int line, int column) {
        super(message);
        this.offset = offset;
        this.line = line;
        this.column = column;
    }

    static MacroException at(String sql, int offset, String problem) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < offset; i++) {
            if (sql.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        int column = offset - lineStart + 1;
        return new MacroException(problem + ", at [" + line + ":" + column + "]", offset, line, column);
    }

    /**
     * {@return where it is in the query, in {@code char}s from 0}
     */
    public int offset() {
        return offset;
    }

    /**
     * {@return the line, from 1}
     */
    public int line() {
        return line;
    }

    /**
     * {@return the column, in {@code char}s from 1}
     */
    public int column() {
        return column;
    }
}
