package dev.tentpole.core.frame;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shape that a frame's data has, by the names of Grafana's dataplane contract. */
public enum FrameType {
    /** One frame, one shared time field, one value field per series, told apart by name and labels. */
    TIMESERIES_WIDE("timeseries-wide", 0, 1),
    /** One frame, one row per point, series told apart by the texts of string fields. */
    TIMESERIES_LONG("timeseries-long", 0, 1),
    /** One frame per series, each with its own time field. */
    TIMESERIES_MULTI("timeseries-multi", 0, 1),
    /** One frame with at most one row, one value field per item. */
    NUMERIC_WIDE("numeric-wide", 0, 1),
    /** One frame, items told apart by the texts of string fields. */
    NUMERIC_LONG("numeric-long", 0, 1),
    /** One frame with at most one row per item. */
    NUMERIC_MULTI("numeric-multi", 0, 1),
    /** Log lines: a time and a text per row. */
    LOG_LINES("log-lines", 0, 0),
    /** A heatmap with one field per bucket. */
    HEATMAP_ROWS("heatmap-rows", 0, 0),
    /** A heatmap with one row per cell. */
    HEATMAP_CELLS("heatmap-cells", 0, 0),
    /** Rows and columns without further meaning. */
    TABLE("table", 0, 0),
    /** The listing of a folder: names and media types. */
    DIRECTORY_LISTING("directory-listing", 0, 0);

    private static final Map<String, FrameType> BY_ID =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(FrameType::id, Function.identity()));

    private final String id;
    private final int major;
    private final int minor;

    FrameType(String id, int major, int minor) {
        this.id = id;
        this.major = major;
        this.minor = minor;
    }

    /** {@return the name in the contract, such as {@code timeseries-wide}} */
    public String id() {
        return id;
    }

    /** {@return the version of the contract that this library writes and checks: 0.1, or 0.0 where none is settled} */
    public FrameMeta.TypeVersion version() {
        return new FrameMeta.TypeVersion(major, minor);
    }

    /**
     * {@return the type with a name, empty if this library does not know it}
     *
     * @param id the name in the contract
     */
    public static Optional<FrameType> ofId(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }
}
