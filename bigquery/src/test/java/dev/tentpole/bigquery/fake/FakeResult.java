package dev.tentpole.bigquery.fake;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * What a {@link FakeBigQuery} answers to a query. Immutable.
 *
 * <p>A row is a list of values in the order of the columns: null, numbers, booleans, texts, {@link java.time.Instant}s for
 * {@code TIMESTAMP}, a list for a repeated column and for a {@code RECORD}.
 */
public final class FakeResult {

    private final List<FakeColumn> columns;
    private final long rows;
    private final LongFunction<List<?>> row;
    private long bytes = 10L << 20;
    private String accuracy = "PRECISE";
    private int polls;
    private boolean held;
    private int pageRows = 100_000;
    private String failure = "";
    private int failureStatus;
    private List<String> tables = List.of("p.d.t");
    private boolean cacheHit;
    private Map<String, String> pages = Map.of();
    private boolean keepsPages;
    private String location = "US";

    private FakeResult(List<FakeColumn> columns, long rows, LongFunction<List<?>> row) {
        this.columns = List.copyOf(columns);
        this.rows = rows;
        this.row = row;
    }

    /**
     * {@return a result of given rows}
     *
     * @param columns the columns
     * @param rows the rows
     */
    public static FakeResult of(List<FakeColumn> columns, List<? extends List<?>> rows) {
        return new FakeResult(columns, rows.size(), index -> rows.get((int) index));
    }

    /**
     * {@return a result whose rows are made when they are read}
     *
     * @param columns the columns
     * @param rows how many
     * @param row makes a row of its number
     */
    public static FakeResult generated(List<FakeColumn> columns, long rows, LongFunction<List<?>> row) {
        return new FakeResult(columns, rows, row);
    }

    /**
     * {@return a query that fails}
     *
     * @param status the HTTP status
     * @param reason BigQuery's reason
     */
    public static FakeResult failing(int status, String reason) {
        FakeResult result = of(List.of(), List.of());
        result.failure = reason;
        result.failureStatus = status;
        return result;
    }

    /**
     * {@return the same, with another size}
     *
     * @param processed the bytes processed; 10 MiB if not set
     */
    public FakeResult bytes(long processed) {
        FakeResult copy = copy();
        copy.bytes = processed;
        return copy;
    }

    /**
     * {@return the same, with another word on how near a dry run's bytes are}
     *
     * @param word {@code PRECISE} if not set
     */
    public FakeResult accuracy(String word) {
        FakeResult copy = copy();
        copy.accuracy = word;
        return copy;
    }

    /**
     * {@return the same, which runs for a while}
     *
     * @param count how often it is answered that the query still runs; 0 if not set
     */
    public FakeResult polls(int count) {
        FakeResult copy = copy();
        copy.polls = count;
        return copy;
    }

    /**
     * {@return the same, which runs until it is cancelled}
     */
    public FakeResult endless() {
        FakeResult copy = copy();
        copy.held = true;
        return copy;
    }

    /**
     * {@return the same, in other pages}
     *
     * @param most the most rows of a page, whatever is asked for; 100,000 if not set
     */
    public FakeResult pageRows(int most) {
        FakeResult copy = copy();
        copy.pageRows = most;
        return copy;
    }

    /**
     * {@return the same, of other tables}
     *
     * @param names as {@code project.dataset.table}; one table if not set
     */
    public FakeResult tables(List<String> names) {
        FakeResult copy = copy();
        copy.tables = List.copyOf(names);
        return copy;
    }

    /**
     * {@return the same, from the cache at no cost}
     */
    public FakeResult cached() {
        FakeResult copy = copy();
        copy.cacheHit = true;
        return copy;
    }

    /**
     * {@return the same, of tables that are elsewhere}
     *
     * @param name such as {@code asia-northeast1}; whoever asks for the job must name it, unless it is {@code US} or {@code EU}; US if
     *     not set
     */
    public FakeResult location(String name) {
        FakeResult copy = copy();
        copy.location = name;
        return copy;
    }

    /**
     * {@return the same, whose pages are made once and kept: for measuring clients}
     */
    public FakeResult keepPages() {
        FakeResult copy = copy();
        copy.keepsPages = true;
        copy.pages = new ConcurrentHashMap<>();
        return copy;
    }

    /** {@return the JSON of rows from one number to below another} */
    String rowsJson(long from, long to, boolean int64Timestamps) {
        return keepsPages
                ? pages.computeIfAbsent(
                        from + " " + to + " " + int64Timestamps, key -> FakeJson.rows(this, from, to, int64Timestamps))
                : FakeJson.rows(this, from, to, int64Timestamps);
    }

    String location() {
        return location;
    }

    List<FakeColumn> columns() {
        return columns;
    }

    long rows() {
        return rows;
    }

    List<?> row(long index) {
        return row.apply(index);
    }

    long bytes() {
        return cacheHit ? 0 : bytes;
    }

    String accuracy() {
        return accuracy;
    }

    int polls() {
        return polls;
    }

    boolean isEndless() {
        return held;
    }

    int pageRows() {
        return pageRows;
    }

    String failure() {
        return failure;
    }

    int failureStatus() {
        return failureStatus;
    }

    List<String> tables() {
        return tables;
    }

    boolean cacheHit() {
        return cacheHit;
    }

    /** By Google's rule: whole MiB, at least 10 MiB a table, nothing for what is in the cache or reads nothing. */
    long billedBytes() {
        long mib = 1L << 20;
        return bytes() == 0 ? 0 : Math.max(10 * mib * tables.size(), -Math.floorDiv(-bytes(), mib) * mib);
    }

    private FakeResult copy() {
        FakeResult copy = new FakeResult(columns, rows, row);
        copy.bytes = bytes;
        copy.accuracy = accuracy;
        copy.polls = polls;
        copy.held = held;
        copy.pageRows = pageRows;
        copy.failure = failure;
        copy.failureStatus = failureStatus;
        copy.tables = tables;
        copy.cacheHit = cacheHit;
        copy.keepsPages = keepsPages;
        copy.location = location;
        copy.pages = pages;
        return copy;
    }
}
