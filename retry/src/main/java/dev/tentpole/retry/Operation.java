package dev.tentpole.retry;

import dev.tentpole.base.Args;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is called: a name by which policies are found and calls are counted, and whether doing it twice does harm.
 * Immutable; make it once and keep it in a constant.
 *
 * <p>The name has parts between dots, from the general to the special: {@code orders.read} takes the policy of {@code
 * orders.read} if there is one, else that of {@code orders}, else the default one. Never put into it what has many values:
 * an id, a user, a query.
 */
public final class Operation {

    private static final int LONGEST_NAME = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_/:-]+(\\.[A-Za-z0-9_/:-]+)*");

    private final String name;
    private final boolean idempotent;
    private final int hash;

    /**
     * What the first one who made such a call knows of it, so that the next call need not look for that; null again when that
     * one is closed. Calls by others look elsewhere.
     */
    volatile @Nullable OperationState state;

    private Operation(String name, boolean idempotent) {
        this.name = Args.notBlank("operation", name);
        Args.check(
                name.length() <= LONGEST_NAME && NAME.matcher(name).matches(),
                "operation",
                name,
                "at most " + LONGEST_NAME + " letters, digits and _ / : - in parts between dots");
        this.idempotent = idempotent;
        int mixed = name.hashCode() * 31 + (idempotent ? 1 : 0);
        this.hash = mixed ^ (mixed >>> 16);
    }

    /**
     * {@return an operation that must not be done twice; it is tried again only when it is certain that nothing was done}
     *
     * @param name at most 100 letters, digits and {@code _ / : -}, in parts between dots
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static Operation of(String name) {
        return new Operation(name, false);
    }

    /**
     * {@return an operation that may be done twice without harm, such as a read}
     *
     * @param name at most 100 letters, digits and {@code _ / : -}, in parts between dots
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static Operation idempotent(String name) {
        return new Operation(name, true);
    }

    /**
     * {@return the name}
     */
    public String name() {
        return name;
    }

    /**
     * {@return whether doing it twice does no harm}
     */
    public boolean isIdempotent() {
        return idempotent;
    }

    /** The name of a policy, which is a name of operations or of their general parts. */
    static String checkName(String name) {
        return of(name).name;
    }

    /** The name without its last part; null if it has one part. */
    static @Nullable String parent(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? null : name.substring(0, dot);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Operation that && idempotent == that.idempotent && name.equals(that.name));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return name + (idempotent ? " (idempotent)" : "");
    }
}
