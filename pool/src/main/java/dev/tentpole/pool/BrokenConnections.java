package dev.tentpole.pool;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells from an exception whether the connection is broken: by its class, by a SQLState of class 08 (connection exception)
 * or one of the codes by which servers say that they end the session. Exceptions that are chained to it count as well.
 */
final class BrokenConnections implements Predicate<SQLException> {

    /** 01002 disconnect error; 57P01 to 57P03 PostgreSQL's shutdown, crash and start; JZ0C0 and JZ0C1 Sybase's. */
    private static final Set<String> STATES = Set.of("01002", "57P01", "57P02", "57P03", "JZ0C0", "JZ0C1");

    /** Chains may be circular. */
    private static final int LONGEST_CHAIN = 16;

    private final Predicate<SQLException> others;

    BrokenConnections(Predicate<SQLException> others) {
        this.others = others;
    }

    @Override
    public boolean test(SQLException e) {
        SQLException next = e;
        for (int i = 0; next != null && i < LONGEST_CHAIN; i++) {
            if (saysSo(next) || others.test(next)) {
                return true;
            }
            next = next.getNextException();
        }
        return e.getCause() instanceof SQLException cause && cause != e && saysSo(cause);
    }

    private static boolean saysSo(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLRecoverableException
                || (state != null && (state.startsWith("08") || STATES.contains(state)));
    }
}
