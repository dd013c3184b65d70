package dev.tentpole.retry;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table for {@link SQLException}: codes of MySQL and MariaDB, then SQLState, then the type, then what is chained to it,
 * then its causes.
 *
 * <p>A vendor's code is looked at only where a SQLState is present that MySQL gives to that code, since other databases use
 * the same numbers for other things.
 */
final class SqlFailures {

    private static final Failure UNKNOWN = Failure.of(FailureKind.UNKNOWN);
    private static final Failure TRANSIENT = Failure.of(FailureKind.TRANSIENT);
    private static final Failure ROLLED_BACK = TRANSIENT.withNothingDone();
    private static final Failure BUSY = Failure.of(FailureKind.OVERLOADED).withNothingDone();
    private static final Failure TIMEOUT = Failure.of(FailureKind.TIMEOUT);
    private static final int CLASS_LENGTH = 2;

    /** IBM's drivers say 08001 with these codes when a connection breaks on which a statement may be under way. */
    private static final Set<Integer> DB2_CONNECTION_BROKE = Set.of(-4499, -30080, -30081);

    private static final int MAX_CAUSES = 20;

    /**
     * Could not connect, as drivers say also when that was the second try, after a statement: only the cause tells.
     */
    private static final String NO_CONNECTION = "08001";

    /** By "code/SQLState": what MySQL's and MariaDB's servers answer with a SQLState that says less, or HY000 for nothing. */
    private static final Map<String, Failure> MYSQL = Map.ofEntries(
            Map.entry("1040/08004", BUSY), // too many connections
            Map.entry("1203/42000", BUSY), // the user has too many connections
            Map.entry(
                    "1226/42000", Failure.of(FailureKind.THROTTLED).withNothingDone()), // the user's resources used up
            Map.entry("1044/42000", Failure.of(FailureKind.AUTHENTICATION)),
            Map.entry("1142/42000", Failure.of(FailureKind.AUTHENTICATION)),
            Map.entry("1146/42S02", Failure.of(FailureKind.NOT_FOUND)),
            Map.entry("1049/42000", Failure.of(FailureKind.NOT_FOUND)),
            Map.entry("1205/HY000", TRANSIENT), // lock wait timeout: the statement is rolled back, not the transaction
            Map.entry("1205/40001", TRANSIENT),
            Map.entry("1213/40001", ROLLED_BACK), // deadlock
            Map.entry("1317/70100", Failure.of(FailureKind.CANCELLED)), // interrupted by KILL QUERY
            Map.entry("1969/70100", TIMEOUT), // MariaDB's max_statement_time
            Map.entry("3024/HY000", TIMEOUT), // MySQL's max_execution_time
            Map.entry("1053/08S01", TRANSIENT), // the server shuts down
            // An option forbids the statement, --read-only after a failover or --secure-file-priv: a caller that
            // may send any statement could open everybody's breaker by it.
            Map.entry("1290/HY000", Failure.of(FailureKind.CALLER_FAULT)),
            // What other databases say with classes 22, 23, 42 and 44.
            Map.entry("1093/HY000", Failure.of(FailureKind.CALLER_FAULT)), // changes a table that it reads
            Map.entry("1111/HY000", Failure.of(FailureKind.CALLER_FAULT)), // an aggregate where none may be
            Map.entry("1267/HY000", Failure.of(FailureKind.CALLER_FAULT)), // collations that do not go together
            Map.entry("1364/HY000", Failure.of(FailureKind.CALLER_FAULT)), // no value for a column without a default
            Map.entry("1366/HY000", Failure.of(FailureKind.CALLER_FAULT)), // not a value of the column's type
            Map.entry("1369/HY000", Failure.of(FailureKind.CALLER_FAULT)), // WITH CHECK OPTION
            Map.entry("1526/HY000", Failure.of(FailureKind.CALLER_FAULT)), // no partition takes the value
            Map.entry("3819/HY000", Failure.of(FailureKind.CALLER_FAULT)), // a CHECK constraint
            // A conflict of writes under innodb_snapshot_isolation, which rolls the transaction back; other engines
            // say so as well and do not.
            Map.entry("1020/HY000", TRANSIENT),
            Map.entry("3572/HY000", TRANSIENT), // NOWAIT, and the lock is not free
            Map.entry("4031/HY000", TRANSIENT), // the connection was idle for too long
            Map.entry("1927/70100", TRANSIENT), // KILL CONNECTION, as PostgreSQL's 57P01
            Map.entry("1836/HY000", TRANSIENT), // read-only server: a failover is under way
            Map.entry("2006/HY000", TRANSIENT), // gone away
            Map.entry("2013/HY000", TRANSIENT)); // lost during the query

    /** SQLStates that say more than their class does. */
    private static final Map<String, Failure> STATES = Map.ofEntries(
            Map.entry("08004", TRANSIENT.withNothingDone()), // connection refused by the server
            Map.entry("08007", UNKNOWN), // the outcome of a transaction is not known
            // A protocol violation; but PgBouncer says so of whatever it has no other state for, such as timeouts.
            Map.entry("08P01", TRANSIENT),
            Map.entry(
                    "25006",
                    Failure.of(FailureKind.CALLER_FAULT)), // a write in a read-only transaction, or on a standby
            Map.entry("40002", Failure.of(FailureKind.CALLER_FAULT)), // integrity at commit
            Map.entry("40003", TRANSIENT), // completion not known
            Map.entry("40004", Failure.of(FailureKind.CALLER_FAULT)), // what a trigger does fails, each time
            Map.entry("42501", Failure.of(FailureKind.AUTHENTICATION)),
            Map.entry("42P01", Failure.of(FailureKind.NOT_FOUND)),
            Map.entry("42S02", Failure.of(FailureKind.NOT_FOUND)),
            Map.entry("3D000", Failure.of(FailureKind.NOT_FOUND)),
            Map.entry("53300", BUSY), // too many connections
            Map.entry("55P03", TRANSIENT), // lock not available
            Map.entry("57014", Failure.of(FailureKind.CANCELLED)), // query_canceled, PostgreSQL
            Map.entry("57P04", Failure.of(FailureKind.NOT_FOUND)), // the database was dropped
            Map.entry("57P01", TRANSIENT),
            Map.entry("57P02", TRANSIENT),
            Map.entry("57P03", TRANSIENT.withNothingDone()), // the server is starting
            Map.entry("HYT00", TIMEOUT),
            Map.entry("HYT01", TIMEOUT.withNothingDone()), // connection timeout
            Map.entry("70100", Failure.of(FailureKind.CANCELLED)));

    private static final Map<String, Failure> CLASSES = Map.ofEntries(
            Map.entry("08", TRANSIENT), // connection
            Map.entry("0A", Failure.of(FailureKind.CALLER_FAULT)), // not supported
            Map.entry("21", Failure.of(FailureKind.CALLER_FAULT)), // cardinality
            Map.entry("22", Failure.of(FailureKind.CALLER_FAULT)), // data
            Map.entry("23", Failure.of(FailureKind.CALLER_FAULT)), // integrity
            Map.entry("28", Failure.of(FailureKind.AUTHENTICATION)),
            Map.entry("40", ROLLED_BACK), // transaction rollback
            Map.entry("42", Failure.of(FailureKind.CALLER_FAULT)), // syntax or access rule
            Map.entry("44", Failure.of(FailureKind.CALLER_FAULT)), // WITH CHECK OPTION
            Map.entry("45", Failure.of(FailureKind.CALLER_FAULT)), // SIGNAL: a program in the database says no
            Map.entry("53", Failure.of(FailureKind.OVERLOADED)), // insufficient resources
            Map.entry("54", Failure.of(FailureKind.CALLER_FAULT)), // too complex, too many columns
            Map.entry("57", TRANSIENT), // operator intervention
            Map.entry("58", TRANSIENT), // system error
            Map.entry("P0", Failure.of(FailureKind.CALLER_FAULT))); // RAISE in PL/pgSQL, which is PostgreSQL's SIGNAL

    private SqlFailures() {}

    static Failure classify(Throwable thrown) {
        Throwable current = thrown;
        for (int i = 0; i < MAX_CAUSES && current != null; i++) {
            if (current instanceof SQLException failure) {
                Failure known = known(failure);
                if (known != null) {
                    // What is around a failure may know of steps before the one that failed.
                    return i == 0 && !isPartlyDone(failure) ? known : known.withoutCertainty();
                }
                Failure chained = chained(failure);
                if (chained != null) {
                    return chained.withoutCertainty();
                }
            } else if (i > 0) {
                return Classifiers.io().classify(current).withoutCertainty();
            } else {
                return UNKNOWN;
            }
            current = current.getCause();
        }
        return UNKNOWN;
    }

    /**
     * Without a transaction the statements of a batch that went well stay when another one is rolled back. With one they do
     * not, but whether there was one is not said.
     */
    private static boolean isPartlyDone(SQLException thrown) {
        if (!(thrown instanceof BatchUpdateException batch)) {
            return false;
        }
        long[] counts = batch.getLargeUpdateCounts();
        return counts == null || Arrays.stream(counts).anyMatch(count -> count != Statement.EXECUTE_FAILED);
    }

    /** Of several failures, such as those of a batch, the first that is known; null if none is. */
    private static @Nullable Failure chained(SQLException thrown) {
        SQLException next = thrown.getNextException();
        for (int i = 0; i < MAX_CAUSES && next != null; i++) {
            Failure known = known(next);
            if (known != null) {
                return known;
            }
            next = next.getNextException();
        }
        return null;
    }

    private static @Nullable Failure known(SQLException thrown) {
        String state = thrown.getSQLState();
        if (state != null && state.length() > CLASS_LENGTH) {
            Failure ofCode = MYSQL.get(thrown.getErrorCode() + "/" + state);
            if (ofCode != null) {
                return ofCode;
            }
            if (DB2_CONNECTION_BROKE.contains(thrown.getErrorCode())) {
                return TRANSIENT;
            }
            if (state.equals(NO_CONNECTION) && couldNotConnect(thrown)) {
                return TRANSIENT.withNothingDone();
            }
            Failure ofState = STATES.get(state);
            if (ofState != null) {
                return ofState;
            }
            Failure ofClass = CLASSES.get(state.substring(0, CLASS_LENGTH));
            if (ofClass != null) {
                return ofClass;
            }
        }
        return ofType(thrown);
    }

    private static boolean couldNotConnect(SQLException thrown) {
        Throwable cause = thrown.getCause();
        return cause != null
                && thrown.getSuppressed().length == 0
                && Classifiers.io().classify(cause).nothingDone();
    }

    private static @Nullable Failure ofType(SQLException thrown) {
        if (thrown instanceof SQLTimeoutException) {
            return TIMEOUT;
        } else if (thrown instanceof SQLTransactionRollbackException) {
            return ROLLED_BACK;
        } else if (thrown instanceof SQLTransientConnectionException) {
            return TRANSIENT.withNothingDone();
        } else if (thrown instanceof SQLTransientException || thrown instanceof SQLRecoverableException) {
            return TRANSIENT;
        } else if (thrown instanceof SQLInvalidAuthorizationSpecException) {
            return Failure.of(FailureKind.AUTHENTICATION);
        } else if (thrown instanceof SQLNonTransientConnectionException) {
            // The database was not reached, or was lost: trying again is no use, and it speaks against the backend.
            return UNKNOWN;
        } else if (thrown instanceof SQLSyntaxErrorException
                || thrown instanceof SQLIntegrityConstraintViolationException
                || thrown instanceof SQLFeatureNotSupportedException
                || thrown instanceof SQLNonTransientException) {
            return Failure.of(FailureKind.CALLER_FAULT);
        }
        return null;
    }
}
