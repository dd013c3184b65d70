package dev.tentpole.bigquery;

import java.util.List;

/**
 * Rows of a result, as columns.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param firstRow the number of its first row in the result, from 0
 * @param rows how many rows it has
 * @param columns the columns, as the schema has them
 */
public record QueryPage(long firstRow, int rows, List<QueryColumn> columns) {

    /**
     * Copies the list.
     *
     * @param firstRow the number of its first row in the result, from 0
     * @param rows how many rows it has
     * @param columns the columns, as the schema has them
     */
    public QueryPage {
        columns = List.copyOf(columns);
    }

    /**
     * {@return a column}
     *
     * @param index its place, from 0
     * @throws IndexOutOfBoundsException if there is none
     */
    public QueryColumn column(int index) {
        return columns.get(index);
    }

    /**
     * {@return the first column of a name}
     *
     * @param name the name, in any case, as GoogleSQL compares them
     * @throws IllegalArgumentException if there is none
     */
    public QueryColumn column(String name) {
        for (QueryColumn column : columns) {
            if (column.field().name().equalsIgnoreCase(name)) {
                return column;
            }
        }
        throw new IllegalArgumentException("the result has no column " + name);
    }

    /** Shows the size, not the values. */
    @Override
    public String toString() {
        return "QueryPage[firstRow=" + firstRow + ", rows=" + rows + ", columns=" + columns.size() + "]";
    }
}
