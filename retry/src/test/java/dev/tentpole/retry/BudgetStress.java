package dev.tentpole.retry;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/** The only token is given back while a retry wants one: it is one token all along. */
@JCStressTest
@Outcome(
        id = {"true, 0, 1", "false, 1, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "it was taken, or is there")
@Outcome(expect = Expect.FORBIDDEN, desc = "a token was lost or made")
@State
public class BudgetStress {

    private final RetryBudget budget =
            RetryBudget.builder().ratio(0).perSecond(0).maxSaved(1).build(new FakeTime().clock());

    /** The token is out. */
    public BudgetStress() {
        budget.tryWithdraw();
    }

    /** Gives it back. */
    @Actor
    public void back() {
        budget.putBack();
    }

    /** Wants one. */
    @Actor
    public void wants(ZII_Result r) {
        r.r1 = budget.tryWithdraw();
        if (r.r1) {
            budget.retryStarted();
        }
    }

    /** What is left and what was spent. */
    @Arbiter
    public void later(ZII_Result r) {
        r.r2 = (int) budget.available();
        r.r3 = (int) budget.spent();
    }
}
