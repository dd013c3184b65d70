package dev.tentpole.bigquery;

/**
 * How much of a statement may be made of its text. Text that would make much more than it is long, such as a star over
 * thousands of tables with thousands of columns, is not resolved.
 */
final class SqlBudget {

    private static final int MOST = 3_000_000;

    /** Says that a statement is too large; never leaves the estimate. */
    static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("too large", null, false, false);
        }
    }

    private int left = MOST;

    void spend(int amount) {
        left -= amount;
        if (left < 0) {
            throw new TooLarge();
        }
    }
}
