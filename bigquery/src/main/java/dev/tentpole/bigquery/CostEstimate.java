package dev.tentpole.bigquery;

import java.util.List;
import java.util.Set;

/**
 * What a query costs, before it runs. Immutable.
 *
 * <p>The numbers are those of a run that nobody's cache, BI Engine or primary keys shorten; then the truth is never outside
 * of the bounds.
 */
public final class CostEstimate {

    private final CostBytes bytes;
    private final CostBytes billedBytes;
    private final CostAccuracy accuracy;
    private final CostMoney money;
    private final List<Statement> statements;
    private final List<CostWarning> warnings;
    private final Set<CostAssumption> assumptions;
    private final List<String> cacheObstacles;

    /** Whether something happens, as far as it can be told. */
    public enum Verdict {
        /** It does not. */
        NO,
        /** It does if the truth is near the upper bound. */
        MAYBE,
        /** It does. */
        YES
    }

    /**
     * One statement of a script; a query alone is one statement.
     *
     * @param kind the word that it begins with: {@code SELECT}, {@code UPDATE}, {@code DECLARE}; {@code SELECT} also for
     *     {@code WITH} and {@code FROM}; {@code SCRIPT} for all that is behind the 50,000th statement of a script, which is
     *     not read
     * @param start where it begins in the text, in {@code char}s
     * @param end behind its last character
     * @param bytes the bytes that it reads
     * @param billedBytes the bytes that it is billed for
     * @param tables what it reads of each table, by name
     */
    public record Statement(
            String kind, int start, int end, CostBytes bytes, CostBytes billedBytes, List<TableCost> tables) {

        /**
         * Copies the list.
         *
         * @param kind see {@link #kind}
         * @param start see {@link #start}
         * @param end see {@link #end}
         * @param bytes see {@link #bytes}
         * @param billedBytes see {@link #billedBytes}
         * @param tables see {@link #tables}
         */
        public Statement {
            tables = List.copyOf(tables);
        }
    }

    CostEstimate(
            CostBytes bytes,
            CostBytes billedBytes,
            CostAccuracy accuracy,
            CostMoney money,
            List<Statement> statements,
            List<CostWarning> warnings,
            Set<CostAssumption> assumptions,
            List<String> cacheObstacles) {
        this.bytes = bytes;
        this.billedBytes = billedBytes;
        this.accuracy = accuracy;
        this.money = money;
        this.statements = List.copyOf(statements);
        this.warnings = List.copyOf(warnings);
        this.assumptions = Set.copyOf(assumptions);
        this.cacheObstacles = List.copyOf(cacheObstacles);
    }

    /** {@return the bytes that all statements together read} */
    public CostBytes bytes() {
        return bytes;
    }

    /** {@return the bytes that are billed, after minimums and rounding up to MiB} */
    public CostBytes billedBytes() {
        return billedBytes;
    }

    /** {@return how good the estimate is} */
    public CostAccuracy accuracy() {
        return accuracy;
    }

    /** {@return what it costs} */
    public CostMoney money() {
        return money;
    }

    /** {@return the statements in their order} */
    public List<Statement> statements() {
        return statements;
    }

    /** {@return what all statements read, by statement and table} */
    public List<TableCost> tables() {
        return statements.stream()
                .flatMap(statement -> statement.tables().stream())
                .toList();
    }

    /** {@return what makes the query dear or the estimate uncertain, in the order of the text} */
    public List<CostWarning> warnings() {
        return warnings;
    }

    /** {@return the undocumented rules on which the expected bytes rest} */
    public Set<CostAssumption> assumptions() {
        return assumptions;
    }

    /** {@return whether BigQuery may answer the same text from its cache} */
    public boolean isCacheable() {
        return cacheObstacles.isEmpty();
    }

    /** {@return why BigQuery cannot answer the same text from its cache; empty if it can} */
    public List<String> cacheObstacles() {
        return cacheObstacles;
    }

    /**
     * {@return whether BigQuery would refuse the query for a limit of bytes}
     *
     * @param maximumBytesBilled the limit; BigQuery takes 10,485,760 at least
     */
    public Verdict wouldExceed(long maximumBytesBilled) {
        long largest = 0;
        long least = 0;
        for (Statement statement : statements) {
            largest = Math.max(largest, statement.billedBytes().upper());
            least = Math.max(least, statement.billedBytes().lower());
        }
        if (least > maximumBytesBilled) {
            return Verdict.YES;
        }
        boolean maybe = largest > maximumBytesBilled || largest == CostBytes.UNBOUNDED;
        return maybe ? Verdict.MAYBE : Verdict.NO;
    }

    /** {@return the estimate as JSON, on several lines} */
    public String toJson() {
        return CostReport.json(this);
    }

    @Override
    public String toString() {
        return "CostEstimate[" + bytes + ", billed " + billedBytes + ", " + accuracy + ", " + money.expected() + " "
                + money.currency() + "]";
    }
}
