package dev.tentpole.retry;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** An open breaker's time is over and two callers come at once: one of them is the probe. */
@JCStressTest
@Outcome(
        id = {"true, false, HALF_OPEN", "false, true, HALF_OPEN"},
        expect = Expect.ACCEPTABLE,
        desc = "one passed")
@Outcome(expect = Expect.FORBIDDEN, desc = "none or both passed")
@State
public class ProbeStress {

    private final FakeTime time = new FakeTime();
    private final CircuitBreaker breaker = CircuitBreaker.builder("db")
            .countWindow(1)
            .minimumCalls(1)
            .probes(1)
            .openJitter(0)
            .openFor(Duration.ofSeconds(1))
            .build(time);

    /** Opens it, and lets its time pass. */
    public ProbeStress() {
        long now = time.clock().nanoTime();
        breaker.phase().failed(now, now, Failure.of(FailureKind.TRANSIENT));
        time.pass(Duration.ofSeconds(1));
    }

    /** Asks. */
    @Actor
    public void one(ZZL_Result r) {
        r.r1 = breaker.acquire() != null;
    }

    /** Asks too. */
    @Actor
    public void two(ZZL_Result r) {
        r.r2 = breaker.acquire() != null;
    }

    /** The state in the end. */
    @Arbiter
    public void later(ZZL_Result r) {
        r.r3 = breaker.state();
    }
}
