package dev.tentpole.retry;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** Two probes end at once, one well and one badly, which is half of them: the breaker opens. */
@JCStressTest
@Outcome(id = "OPEN, 0", expect = Expect.ACCEPTABLE, desc = "open again")
@Outcome(expect = Expect.FORBIDDEN, desc = "a report was lost or counted twice")
@State
public class VerdictStress {

    private final FakeTime time = new FakeTime();
    private final CircuitBreaker breaker = CircuitBreaker.builder("db")
            .countWindow(1)
            .minimumCalls(1)
            .probes(2)
            .openJitter(0)
            .openFor(Duration.ofSeconds(1))
            .build(time);
    private final BreakerPhase halfOpen;
    private final long end;

    /** Both probes are under way. */
    public VerdictStress() {
        long now = time.clock().nanoTime();
        breaker.phase().failed(now, now, Failure.of(FailureKind.TRANSIENT));
        time.pass(Duration.ofSeconds(1));
        breaker.acquire();
        breaker.acquire();
        halfOpen = breaker.phase();
        end = time.clock().nanoTime();
    }

    /** One ends well. */
    @Actor
    public void good() {
        halfOpen.succeeded(end, end);
    }

    /** One fails. */
    @Actor
    public void bad() {
        halfOpen.failed(end, end, Failure.of(FailureKind.TRANSIENT));
    }

    /** The state, and how many calls pass. */
    @Arbiter
    public void later(LI_Result r) {
        r.r1 = breaker.state();
        r.r2 = breaker.acquire() == null ? 0 : 1;
    }
}
