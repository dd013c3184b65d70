package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.bigquery.QueryCancelledException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job that is given up before the server has told of its making, and that the server makes all the same. */
final class CancelRaceTest {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final String NOT_FOUND =
            "{\"error\": {\"errors\": [{\"reason\": \"notFound\"}], \"message\": \"Not found: Job\"}}";

    private final TestTime time = new TestTime();
    private boolean insertIsAnswered;
    private boolean interruptsCancelling;
    private Duration madeAfter = NEVER;
    private int asked;
    private int cancelled;

    /** Interrupts whoever makes a job or waits for it, and makes the job a while later. */
    private Transport.Response answer(Transport.Request request) throws IOException, InterruptedException {
        String path = request.uri().getPath();
        if (path.endsWith("/cancel")) {
            asked++;
            if (interruptsCancelling) {
                Thread.currentThread().interrupt();
            }
            if (time.elapsed().compareTo(madeAfter) < 0) {
                return response(404, NOT_FOUND);
            }
            cancelled++;
            return response(200, "{\"job\": {}}");
        }
        if (path.endsWith("/jobs") && insertIsAnswered) {
            return response(200, "{\"jobReference\": {\"jobId\": \"mine\"}}");
        }
        throw new InterruptedException("while it is under way");
    }

    private static Transport.Response response(int status, String body) {
        return new Transport.Response(
                status, Map.of(), new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    private QueryCancelledException giveUp() {
        try (BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                .transport(this::answer)
                .pauses(time.pauses())
                .build()) {
            QueryCancelledException failure =
                    catchThrowableOfType(QueryCancelledException.class, () -> client.run(QueryRequest.of("SELECT 1")));
            assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED);
            return failure;
        }
    }

    @AfterEach
    void the_interrupt_is_kept() {
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_job_that_is_made_after_it_was_given_up_is_cancelled() {
        madeAfter = Duration.ofMillis(400);
        assertThat(giveUp().jobCancelled()).isTrue();
        assertThat(cancelled).isEqualTo(1);
    }

    @Test
    void a_job_that_is_never_made_is_not_looked_for_longer_than_cancelling_may_take() {
        assertThat(giveUp().jobCancelled()).isFalse();
        assertThat(asked).isGreaterThan(3);
        assertThat(time.elapsed()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
    }

    @Test
    void a_job_that_was_heard_of_and_is_gone_is_not_looked_for() {
        insertIsAnswered = true;
        assertThat(giveUp().jobCancelled()).isFalse();
        assertThat(asked).isEqualTo(1);
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void another_interrupt_ends_the_looking() {
        interruptsCancelling = true;
        assertThat(giveUp().jobCancelled()).isFalse();
        assertThat(asked).isEqualTo(1);
    }
}
