package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What to do when a server closes a connection, by the code that it gives.
 *
 * <p>Immutable. {@link #standard} is the table of the {@code graphql-ws} client for 1xxx and 4xxx, and that of Centrifugo
 * for 3xxx. Take it and change what your server means otherwise with {@link #with}.
 */
public final class CloseCodes {

    /** What to do about a close code. */
    public enum Action {
        /** Connect again after the usual backoff. */
        RECONNECT,
        /** Connect again at a random time within {@link ConnectionSettings.Builder#spread}, since all clients do. */
        SPREAD,
        /** Get a fresh token and connect again; without a token source, or the second time in a row, give up. */
        REFRESH_TOKEN,
        /** Give up: it would be the same again. */
        STOP
    }

    private record Row(int first, int last, Action action) {}

    private static final CloseCodes STANDARD = new CloseCodes(List.of())
            .with(0, 999, Action.RECONNECT)
            .with(1000, 1999, Action.STOP)
            .with(1000, 1000, Action.RECONNECT)
            .with(1001, 1001, Action.SPREAD)
            .with(1005, 1006, Action.RECONNECT)
            .with(1012, 1013, Action.SPREAD)
            .with(1014, 1014, Action.RECONNECT)
            .with(2000, 3499, Action.RECONNECT)
            .with(3500, 3999, Action.STOP)
            .with(4000, 4999, Action.RECONNECT)
            .with(4004, 4005, Action.STOP)
            .with(4400, 4400, Action.STOP)
            .with(4401, 4401, Action.REFRESH_TOKEN)
            .with(4406, 4406, Action.STOP)
            .with(4409, 4409, Action.STOP)
            .with(4429, 4429, Action.STOP)
            .with(4500, 4500, Action.STOP);

    private final List<Row> rows;

    private CloseCodes(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /**
     * {@return the standard table}
     */
    public static CloseCodes standard() {
        return STANDARD;
    }

    /**
     * {@return this table with another action for a range of codes}
     *
     * @param first the first code, 0 to 65,535
     * @param last the last code, not below the first
     * @param action what to do about them
     * @throws IllegalArgumentException if a code is out of range
     */
    public CloseCodes with(int first, int last, Action action) {
        Args.inRange("first", first, 0, 65_535);
        Args.inRange("last", last, first, 65_535);
        List<Row> more = new ArrayList<>(rows);
        more.add(new Row(first, last, Objects.requireNonNull(action, "action")));
        return new CloseCodes(more);
    }

    /**
     * {@return what to do about a code; codes that the table does not know mean to connect again}
     *
     * @param code the close code; 1005 if the server gave none
     */
    public Action action(int code) {
        for (int i = rows.size() - 1; i >= 0; i--) {
            Row row = rows.get(i);
            if (code >= row.first && code <= row.last) {
                return row.action;
            }
        }
        return Action.RECONNECT;
    }
}
