package dev.tentpole.streaming;

import java.util.ArrayList;
import java.util.List;

/** A listener that writes down, as text, what it is told; {@code received} hangs what it is told to. */
final class Seen<T> implements SubscriptionListener<T> {

    final List<String> all = java.util.Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onMessage(T message, long sequence) {
        all.add(message + "@" + sequence);
    }

    @Override
    public void onGap(Gap gap) {
        all.add("gap " + gap.count() + " " + gap.first() + ".." + gap.last() + " " + gap.reason());
    }

    @Override
    public void onResumed(long generation) {
        all.add("resumed " + generation);
    }

    @Override
    public void onReset(long generation, String why) {
        all.add("reset " + generation + " " + why);
    }

    @Override
    public void onFailure(Throwable failure) {
        all.add("failure " + failure.getMessage());
    }

    @Override
    public void onEnd(EndReason reason) {
        all.add("end " + reason.kind());
    }

    /** What was told since the last call. */
    List<String> take() {
        synchronized (all) {
            List<String> taken = List.copyOf(all);
            all.clear();
            return taken;
        }
    }
}
