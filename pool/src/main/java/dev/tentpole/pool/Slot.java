package dev.tentpole.pool;

import dev.tentpole.base.NanoClock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** Keeps whatever lies before a slot in memory off its cache lines. */
@SuppressWarnings("unused") // room
abstract class SlotPadding {

    long before0;
    long before1;
    long before2;
    long before3;
    long before4;
    long before5;
    long before6;
    long before7;
}

/*
 * A place for one object. Its state is one long: the lower three bits say what goes on, the others count the loans. Every
 * change is a compare-and-set, so whoever makes it owns what follows from it, and a lease that remembers the value with
 * which it began (its stamp) can't be mistaken for another one:
 *
 *   EMPTY -> OPENING -> FREE <-> USED        borrowed and given back
 *                       FREE <-> CHECKING    validated in background
 *            FREE, USED, CHECKING -> CLOSING -> EMPTY
 *
 * USED(n) -> USED(n+1) passes an object on without its being free in between: to a waiter, or from the lease that is closed
 * to the return that is under way.
 *
 * The plain fields belong to whoever owns the slot; the compare-and-set that passes ownership on publishes them. Others
 * read the counters and the times for statistics and in housekeeping, where a value that is a moment old does no harm.
 */
final class Slot<T> extends SlotPadding {

    static final int EMPTY = 0;
    static final int OPENING = 1;
    static final int FREE = 2;
    static final int USED = 3;
    static final int CHECKING = 4;
    static final int CLOSING = 5;

    /** In {@link #flags}: close it when it comes back. */
    static final int EVICT = 1;
    /** In {@link #flags}: validate it before it is lent, however recently it was used. */
    static final int SUSPECT = 2;
    /** In {@link #flags}: close it when it comes back, if there are still too many. */
    static final int SHRINK = 4;
    /** In {@link #flags}: a lease that was closed by two threads at once may have written over what the owner knows. */
    static final int SPOILT = 8;

    private static final int KIND_BITS = 3;
    private static final long KIND = (1L << KIND_BITS) - 1;
    private static final long NEXT_LOAN = 1L << KIND_BITS;
    private static final VarHandle STATE;
    private static final VarHandle FLAGS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Slot.class, "state", long.class);
            FLAGS = lookup.findVarHandle(Slot.class, "flags", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long state;
    private volatile int flags;

    final int index;

    /** Parts of the pool, here as well since that is a step nearer on the way of every loan. */
    final Waiters<T> waiters;

    final NanoClock coarseClock;
    private final Engine<T> engine;

    @Nullable
    T object;

    @Nullable
    Token token;

    long leaseStamp;
    long borrowedAt;
    long releasedAt;
    long loans;
    long usageNanos;

    @Nullable
    Thread borrower;

    @Nullable
    Throwable taken;

    long expiresAt;
    long checkedAt;
    CloseReason evictReason = CloseReason.EVICTED;

    @Nullable
    WeakReference<Token> tokenReference;

    /** Of the housekeeper: the loan that it saw last, and whether it reported that. */
    long seenStamp;

    boolean isReported;

    /** Of the housekeeper: one was opened that is to take its place. */
    boolean isReplaced;

    /** How many loans there had been when the object was put in. */
    private long loansBefore;

    /** How much earlier than others it is validated in background, 0 to 1. */
    double jitter;

    Slot(Engine<T> engine, int index) {
        this.engine = engine;
        this.index = index;
        this.waiters = engine.waiters();
        this.coarseClock = engine.coarseClock();
    }

    Engine<T> engine() {
        return engine;
    }

    long state() {
        return state;
    }

    int kind() {
        return kind(state);
    }

    static int kind(long state) {
        return (int) (state & KIND);
    }

    int flags() {
        return flags;
    }

    /** Borrows the object if it is free; then the loan's stamp is in {@link #leaseStamp}. */
    boolean tryBorrow() {
        long seen = state;
        if ((seen & KIND) != FREE) {
            return false;
        }
        long stamp = seen + NEXT_LOAN + (USED - FREE);
        if (!STATE.compareAndSet(this, seen, stamp)) {
            return false;
        }
        leaseStamp = stamp;
        return true;
    }

    /** Ends the loan of that stamp, unless it has ended. A full fence, whether or not it succeeds. */
    boolean tryRelease(long stamp) {
        return STATE.compareAndSet(this, stamp, stamp - (USED - FREE));
    }

    /** Ends the loan of that stamp and begins another one, unless it has ended; then its stamp is in {@link #leaseStamp}. */
    boolean tryPassOn(long stamp) {
        if (!STATE.compareAndSet(this, stamp, stamp + NEXT_LOAN)) {
            return false;
        }
        leaseStamp = stamp + NEXT_LOAN;
        return true;
    }

    /** From a state that was seen to another kind. */
    boolean tryMove(long seen, int toKind) {
        return STATE.compareAndSet(this, seen, (seen & ~KIND) | toKind);
    }

    /** Moves what nobody else can move. */
    void move(int fromKind, int toKind) {
        long seen = state;
        if (kind(seen) != fromKind || !tryMove(seen, toKind)) {
            throw new IllegalStateException("slot " + index + " is " + kind() + " and not " + fromKind);
        }
    }

    /** Takes what nobody else can move into the caller's hand, as a loan whose stamp is in {@link #leaseStamp}. */
    void takeFrom(int kind) {
        long seen = state;
        long stamp = (seen & ~KIND) + NEXT_LOAN + USED;
        if (kind(seen) != kind || !STATE.compareAndSet(this, seen, stamp)) {
            throw new IllegalStateException("slot " + index + " is " + kind() + " and not " + kind);
        }
        leaseStamp = stamp;
    }

    void setFlag(int flag) {
        FLAGS.getAndBitwiseOr(this, flag);
    }

    void clearFlag(int flag) {
        FLAGS.getAndBitwiseAnd(this, ~flag);
    }

    /** Puts an object in; the caller owns the slot and publishes it afterwards. */
    void fill(T value, long now, long expires) {
        object = value;
        token = renewToken();
        releasedAt = now;
        checkedAt = now;
        expiresAt = expires;
        isReplaced = false;
        loansBefore = loans;
        flags = 0;
    }

    /** Whether the object has not been lent yet; for the owner. */
    boolean isFresh() {
        return loans == loansBefore;
    }

    /**
     * Leaves the lease alone that has the token. Not for the owner, who is the borrower: whatever is wrong with the token
     * afterwards, since the loan ended meanwhile, shows when it is missing at the next loan.
     */
    void mendTokenWhileLent() {
        Token left = token;
        WeakReference<Token> reference = tokenReference;
        if (left != null && reference != null && reference.refersTo(null)) {
            tokenReference = new WeakReference<>(left);
        }
        token = null;
        clearFlag(SPOILT);
    }

    /** Makes another token for the next loan; for the owner. */
    Token renewToken() {
        Token fresh = new Token();
        tokenReference = new WeakReference<>(fresh);
        return fresh;
    }

    /** Takes the object out; the caller owns the slot. */
    void clear() {
        object = null;
        token = null;
        tokenReference = null;
        borrower = null;
        taken = null;
    }

    /** Whether no lease is left that could give the object back; only of use while it is lent. */
    boolean isTokenLost() {
        WeakReference<Token> reference = tokenReference;
        return reference != null && reference.refersTo(null) && (flags & SPOILT) == 0;
    }

    T valueFor(long stamp) {
        T value = state == stamp ? object : null;
        if (value == null) {
            throw new LeaseClosedException(engine.name());
        }
        return value;
    }

    /** For the owner, who knows that there is one. */
    T owned() {
        T value = object;
        if (value == null) {
            throw new IllegalStateException("slot " + index + " is empty");
        }
        return value;
    }
}
