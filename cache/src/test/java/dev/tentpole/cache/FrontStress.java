package dev.tentpole.cache;

import dev.tentpole.cache.Entry.Lifetime;
import java.util.Set;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** An entry is put into the front while it is killed: it does not stay there. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "nothing holds it")
@Outcome(expect = Expect.FORBIDDEN, desc = "the front holds what is gone")
@State
public class FrontStress {

    private final EntryFront<String, String> front = new EntryFront<>();
    private final Entry<String, String> entry =
            new Entry<>("a", "value", null, 1, 0, new Lifetime(0, 1, 1, 0), 1, Set.of(), false);

    /** Makes a front without entries. */
    public FrontStress() {}

    /** Finds it in the map. */
    @Actor
    public void reader() {
        front.put(entry, 1);
    }

    /** Takes it out of the map. */
    @Actor
    public void remover() {
        entry.kill();
        front.remove(entry);
    }

    /** Looks after both. */
    @Arbiter
    public void later(I_Result r) {
        r.r1 = front.count();
    }
}
