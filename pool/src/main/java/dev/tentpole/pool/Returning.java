package dev.tentpole.pool;

import dev.tentpole.pool.Allocator.Occasion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The slow way back: for what has to be closed, reset or checked. The lease is closed at once; the object follows. */
final class Returning<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final Engine<T> engine;

    Returning(Engine<T> engine) {
        this.engine = engine;
    }

    void giveBack(Slot<T> lent, Token token, @Nullable Thread borrower, long stamp) {
        Slot<T> slot = engine.claim(lent, borrower, stamp);
        if (slot == null) {
            return;
        }
        engine.account(slot);
        slot.token = token;
        if (engine.retiring().retireIfMarked(slot)) {
            return;
        }
        if (!engine.settings().validateOnReturn() && !engine.needsReset(slot)) {
            engine.release(slot, slot.leaseStamp);
            return;
        }
        Answer done = new Answer();
        reset(slot, done);
        long longest = engine.settings().resetTimeout().toNanos()
                + (engine.settings().validateOnReturn()
                        ? engine.settings().validateTimeout().toNanos()
                        : 0);
        done.await(longest);
    }

    private void reset(Slot<T> slot, Answer done) {
        T object = slot.owned();
        long stamp = slot.leaseStamp;
        engine.calls()
                .submit(
                        Call.Kind.RESET,
                        () -> {
                            if (engine.allocator().needsReset(object)) {
                                engine.allocator().reset(object);
                            }
                            return true;
                        },
                        new Call.Outcome<Boolean>() {
                            @Override
                            public void succeeded(Boolean result) {
                                engine.retiring().passed(Call.Kind.RESET);
                                if (engine.settings().validateOnReturn()) {
                                    validate(slot, done);
                                } else {
                                    engine.giveBackOrRetire(slot);
                                    done.tell(true);
                                }
                            }

                            @Override
                            public void failed(Throwable failure) {
                                engine.retiring().retireUnreset(slot, stamp, failure);
                                done.tell(false);
                                LOG.debug("Pool {} could not reset an object", engine.name(), failure);
                            }
                        });
    }

    private void validate(Slot<T> slot, Answer done) {
        T object = slot.owned();
        long stamp = slot.leaseStamp;
        engine.calls()
                .submit(
                        Call.Kind.VALIDATE,
                        () -> engine.allocator().validate(object, Occasion.RETURN),
                        new Call.Outcome<Boolean>() {
                            @Override
                            public void succeeded(Boolean isValid) {
                                if (isValid) {
                                    engine.retiring().proved();
                                    engine.giveBackOrRetire(slot);
                                } else {
                                    failed(new IllegalStateException("it is not valid"));
                                }
                                done.tell(isValid);
                            }

                            @Override
                            public void failed(Throwable failure) {
                                engine.retiring().retireInvalid(slot, stamp, failure, false);
                                done.tell(false);
                                LOG.debug("Pool {} closed an object that came back", engine.name(), failure);
                            }
                        });
    }
}
