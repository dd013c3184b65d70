package dev.tentpole.retry;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The last probe ends well while somebody forces the breaker open: the hand wins, whoever was first. */
@JCStressTest
@Outcome(id = "FORCED_OPEN", expect = Expect.ACCEPTABLE, desc = "it stays as it was forced")
@Outcome(expect = Expect.FORBIDDEN, desc = "a report undid what was forced")
@State
public class ForcedStress {

    private final FakeTime time = new FakeTime();
    private final CircuitBreaker breaker = CircuitBreaker.builder("db")
            .countWindow(1)
            .minimumCalls(1)
            .probes(1)
            .openJitter(0)
            .openFor(Duration.ofSeconds(1))
            .build(time);
    private final BreakerPhase halfOpen;
    private final long end;

    /** The probe is under way. */
    public ForcedStress() {
        long now = time.clock().nanoTime();
        breaker.phase().failed(now, now, Failure.of(FailureKind.TRANSIENT));
        time.pass(Duration.ofSeconds(1));
        breaker.acquire();
        halfOpen = breaker.phase();
        end = time.clock().nanoTime();
    }

    /** The probe ends well. */
    @Actor
    public void good() {
        halfOpen.succeeded(end, end);
    }

    /** Somebody forces it. */
    @Actor
    public void force() {
        breaker.forceOpen();
    }

    /** The state in the end. */
    @Arbiter
    public void later(L_Result r) {
        r.r1 = breaker.state();
    }
}
