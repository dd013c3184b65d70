package dev.tentpole.promql;

/**
 * Where in the query's text something was written: a half-open range, counted both in Java characters and in bytes.
 *
 * <p>Prometheus reports positions as offsets into the UTF-8 bytes of a query, Java works with UTF-16 characters. The
 * two differ only behind the first character that is not ASCII.
 *
 * @param start index of the first character, as {@link String#charAt} counts
 * @param end index behind the last character
 * @param startByte offset of the first byte in the query's UTF-8 form
 * @param endByte offset behind the last byte
 */
public record SourceRange(int start, int end, int startByte, int endByte) {

    /** The empty range at 0: the place of nodes that were built and not parsed. */
    public static final SourceRange NONE = new SourceRange(0, 0, 0, 0);

    /**
     * Checks that neither range ends before it starts.
     *
     * @param start index of the first character, as {@link String#charAt} counts
     * @param end index behind the last character
     * @param startByte offset of the first byte in the query's UTF-8 form
     * @param endByte offset behind the last byte
     * @throws IllegalArgumentException if a start is negative or an end is before its start
     */
    public SourceRange {
        if (start < 0 || end < start || startByte < 0 || endByte < startByte) {
            throw new IllegalArgumentException(
                    "range " + start + ".." + end + " (bytes " + startByte + ".." + endByte + ") is not a range");
        }
    }

    /**
     * {@return the text at this range}
     *
     * @param query the text that the range points into
     * @throws IndexOutOfBoundsException if the range ends behind the text
     */
    public String of(String query) {
        return query.substring(start, end);
    }

    /**
     * {@return whether the other range lies within this one}
     *
     * @param other the range to compare with
     */
    public boolean contains(SourceRange other) {
        return start <= other.start && other.end <= end;
    }

    /**
     * {@return the smallest range that covers both}
     *
     * @param other the range to cover too
     */
    public SourceRange to(SourceRange other) {
        return new SourceRange(
                Math.min(start, other.start),
                Math.max(end, other.end),
                Math.min(startByte, other.startByte),
                Math.max(endByte, other.endByte));
    }
}
