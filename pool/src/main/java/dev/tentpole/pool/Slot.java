package dev.tentpole.pool;

import dev.tentpole.base.NanoClock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** Keeps whatever lies before a slot in memory off its cache lines, which processors fetch in pairs. */
@SuppressWarnings("unused") // room
abstract class SlotPadding {

    /** Behind the object's header there is room for four bytes, which the JVM would fill with a field of the slot. */
    int beforeAll;

    long before0;
    long before1;
    long before2;
    long before3;
    long before4;
    long before5;
    long before6;
    long before7;
    long before8;
    long before9;
    long before10;
    long before11;
    long before12;
    long before13;
    long before14;
    long before15;
}

/*
 * A place for one object. Its state is one long: the lower three bits say what goes on, the others count the loans, so that
 * a lease that remembers the value with which it began (its stamp) can't be mistaken for another one:
 *
 *   EMPTY -> OPENING -> FREE <-> USED        borrowed and given back
 *                       FREE <-> CHECKING    validated in background
 *            FREE, USED, CHECKING -> CLOSING -> EMPTY
 *                               USED -> GONE taken over: the object has moved to another slot
 *
 * USED(n) -> USED(n+1) passes an object on without its being free in between: to a waiter, or from the lease that is closed
 * to the return that is under way. Every change is a compare-and-set, and whoever makes it owns what follows from it; but for
 * one: the thread that took a lease gives back by a plain store, USED(n) -> FREE(n), once it has seen its own stamp. That
 * is half of what a loan costs else. It is sound as long as nobody but that thread changes USED(n), so whoever else ends a
 * loan takes it over (Slots.takeOver), all under the lock:
 *
 *   1. compare-and-set USED(n) -> GONE(n); if that fails, the loan has ended.
 *   2. Set the flag MOVED.
 *   3. Read the state again. If it is not GONE(n) any more, the store of the borrower's thread came after 1: that has given
 *      back, and the flag is cleared.
 *   4. Else the object moves to a new slot, which takes the place in the table of this one. This one is dead: a store that
 *      comes after 3 makes it FREE(n), in which there is nothing to borrow.
 *
 * Whoever turns FREE(n) into something else looks at the flags afterwards, as he does anyway, and at MOVED waits for the lock
 * and sees whether the slot still has its place. He can't miss the flag of a dead slot: the accesses of 1 to 3 and his own
 * are volatile, hence in one order that agrees with each variable's; 3 read GONE(n), so it comes before his compare-and-set
 * of the FREE(n) that replaced that, and 2 before 3, and his look at the flags after both. Of the store itself it
 * is only needed that it comes after 3 in the order of the state.
 *
 * The slot that an object moved to is shared: leases of it have no thread of their own, and whoever ends one claims the loan
 * by a compare-and-set, USED(n) -> USED(n+1), until another object is put in. What is claimed has no lease; it is his alone, and
 * he gives it back by a store as well. So a loan is of one kind from beginning to end, and one that is regularly closed
 * by other threads is taken over once in the life of an object.
 *
 * The plain fields belong to whoever owns the slot; the change of the state that passes ownership on publishes them. Others
 * read the counters and the times for statistics and in housekeeping, where a value that is a moment old does no harm.
 */
final class Slot<T> extends SlotPadding {

    static final int EMPTY = 0;
    static final int OPENING = 1;
    static final int FREE = 2;
    static final int USED = 3;
    static final int CHECKING = 4;
    static final int CLOSING = 5;
    static final int GONE = 6;

    /** In {@link #flags}: close it when it comes back. */
    static final int EVICT = 1;
    /** In {@link #flags}: validate it before it is lent, however recently it was used. */
    static final int SUSPECT = 2;
    /** In {@link #flags}: close it when it comes back, if there are still too many. */
    static final int SHRINK = 4;
    /** In {@link #flags}: it has been taken over, or somebody tries to: whether it still has its place is known under the lock. */
    static final int MOVED = 8;

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

    /** Whether leases of it are claimed by compare-and-set, by whomever. */
    boolean isShared;

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

    /** For what was taken over: in the caller's hand, as a loan whose stamp is in {@link #leaseStamp}. */
    private Slot(Slot<T> moved, long stamp) {
        this(moved.engine, moved.index);
        object = moved.object;
        tokenReference = moved.tokenReference;
        borrowedAt = moved.borrowedAt;
        releasedAt = moved.releasedAt;
        loans = moved.loans;
        loansBefore = moved.loansBefore;
        usageNanos = moved.usageNanos;
        taken = moved.taken;
        expiresAt = moved.expiresAt;
        checkedAt = moved.checkedAt;
        jitter = moved.jitter;
        isReplaced = moved.isReplaced;
        isShared = true;
        flags = moved.flags & ~MOVED;
        evictReason = moved.evictReason;
        leaseStamp = stamp;
        state = stamp;
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

    /**
     * Ends the loan of that stamp, which has not ended unless it was taken over; for the thread that took it, or that has
     * claimed it. No fence.
     */
    void release(long stamp) {
        STATE.setRelease(this, stamp - (USED - FREE));
    }

    /** Ends the loan of that stamp, unless it has ended. */
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

    /**
     * Takes the loan of that stamp away from whoever has it, under the lock. Returns the slot where the object is now, in
     * the caller's hand; null if the loan has ended.
     */
    @Nullable
    Slot<T> moveAway(long stamp) {
        if (!tryMove(stamp, GONE)) {
            return null;
        }
        setFlag(MOVED);
        if (kind() != GONE) {
            clearFlag(MOVED);
            return null;
        }
        token = null;
        return new Slot<>(this, stamp + NEXT_LOAN);
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
        Token fresh = new Token();
        token = fresh;
        tokenReference = new WeakReference<>(fresh);
        releasedAt = now;
        checkedAt = now;
        expiresAt = expires;
        isReplaced = false;
        loansBefore = loans;
        isShared = false;
        flags = 0;
    }

    /** Whether the object has not been lent yet; for the owner. */
    boolean isFresh() {
        return loans == loansBefore;
    }

    /** Takes the object out; the caller owns the slot, or has taken over a loan that was in it. */
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
        return reference != null && reference.refersTo(null);
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
