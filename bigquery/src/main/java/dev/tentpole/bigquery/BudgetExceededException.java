package dev.tentpole.bigquery;

import java.io.Serial;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A budget has refused a query before it ran; nothing was billed.
 *
 * <p>All amounts are billed bytes, single ones, of which a TiB has 2<sup>40</sup>. What a {@linkplain Budgets.Limit#money() limit of
 * money} allows is counted in bytes too, at the price of a TiB in the currency of the budget's {@link Pricing}, after its discount; the
 * message says at which.
 */
public final class BudgetExceededException extends BigQueryException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The setting. */
    private final String budget;

    /** Whose budget. */
    private final String key;

    /** What the query may bill at most, in bytes. */
    private final long bytesAsked;

    /** What would fit, in bytes. */
    private final long bytesLeft;

    /** When the budget begins anew. */
    private final @Nullable Instant renewsAt;

    BudgetExceededException(
            String message, String budget, String key, long bytesAsked, long bytesLeft, @Nullable Instant renewsAt) {
        super(message);
        this.budget = budget;
        this.key = key;
        this.bytesAsked = bytesAsked;
        this.bytesLeft = bytesLeft;
        this.renewsAt = renewsAt;
    }

    /**
     * {@return which budget it is, by the name of its setting: {@code perQuery}, {@code perUser}, {@code perLabel} or {@code perDay}}
     */
    public String budget() {
        return budget;
    }

    /**
     * {@return whose budget it is: the user, or the label as {@code key=value}; empty for the others}
     */
    public String key() {
        return key;
    }

    /**
     * {@return the most that the query may bill, in bytes}
     */
    public long bytesAsked() {
        return bytesAsked;
    }

    /**
     * {@return the most that would fit now, in billed bytes, by all budgets together; never money}
     */
    public long bytesLeft() {
        return bytesLeft;
    }

    /**
     * {@return when the budget begins anew, at the next midnight in Pacific time; empty if it never does}
     */
    public Optional<Instant> renewsAt() {
        return Optional.ofNullable(renewsAt);
    }
}
