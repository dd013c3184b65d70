package dev.tentpole.bigquery;

import dev.tentpole.base.Deadline;
import dev.tentpole.bigquery.QueryCancelledException.Reason;
import dev.tentpole.bigquery.QueryFailedException.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One query on its way: made, awaited, cancelled if it is given up. Used by one thread.
 *
 * <p>The id is ours and is known before the job is, so that a lost answer costs nothing: made again under the same id, the
 * job is a duplicate, which says that it is there; and whatever happens, it can be cancelled. Only after the server's own
 * failure of the job is there a new id. A query without a job has a request id instead, which the server knows again for 15 minutes.
 */
final class QueryJob {

    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHORT_POLL = Duration.ofSeconds(1);
    private static final int FIRST_PAGE_ROWS = 1_000;

    private final RestCalls rest;
    private final JobRequests requests;
    private final Pauses pauses;
    private final int maxAttempts;
    private final QueryRequest request;
    private final Duration timeout;
    private final OptionalLong cap;
    private final Runnable onCancel;

    private @Nullable String jobId;
    private @Nullable String location;
    private int sent;
    private boolean mayRun;
    private boolean heardOf;
    private boolean mayHaveBilled;

    QueryJob(
            RestCalls rest,
            JobRequests requests,
            Pauses pauses,
            int maxAttempts,
            QueryRequest request,
            Duration timeout,
            OptionalLong cap,
            Runnable onCancel) {
        this.rest = rest;
        this.requests = requests;
        this.pauses = pauses;
        this.maxAttempts = maxAttempts;
        this.request = request;
        this.timeout = timeout;
        this.cap = cap;
        this.onCancel = onCancel;
        this.location = request.location().orElse(requests.location());
    }

    /** A job that is done, and its first page. */
    record Done(@Nullable String jobId, @Nullable String location, PageReader.Answer first) {}

    /** {@return whether the query may cost something although it brought no result} */
    boolean mayHaveBilled() {
        return mayHaveBilled;
    }

    Done run() {
        Deadline deadline = Deadline.after(timeout, pauses.nanos());
        String id = request.requestId().orElseGet(() -> UUID.randomUUID().toString());
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    // The first id is the user's own, if there is one; a job that failed keeps its id for ever.
                    return once(attempt == 1 ? id : id + "-" + attempt, deadline);
                } catch (QueryFailedException e) {
                    Duration pause = pauses.afterFailure(attempt, e.retryAfter().orElse(null));
                    if (e.retry() != Retry.NEW_JOB
                            || attempt >= maxAttempts
                            || pause.compareTo(deadline.remaining()) >= 0) {
                        throw e;
                    }
                    pauses.sleeper().sleep(pause);
                }
            }
        } catch (InterruptedException e) {
            boolean cancelled = cancel();
            Thread.currentThread().interrupt();
            throw new QueryCancelledException(
                    Reason.INTERRUPTED, "the query's thread was interrupted", jobId, cancelled, e);
        } catch (QueryCancelledException e) {
            boolean cancelled = cancel();
            throw new QueryCancelledException(
                    e.reason(), "the query did not end within timeout = " + timeout, jobId, cancelled, e);
        } catch (RuntimeException | Error e) {
            // Whoever is not told of a result must not leave a job behind that makes one.
            boolean unused = cancel();
            throw e;
        }
    }

    private Done once(String id, Deadline deadline) throws InterruptedException {
        sent = 0;
        mayRun = false;
        heardOf = false;
        PageReader.Answer answer = request.jobOptional() ? query(id, deadline) : insert(id, deadline);
        String job = jobId;
        Duration pause = Duration.ofMillis(50);
        while (!answer.isComplete()) {
            if (job == null) {
                throw RestFailure.badAnswer(200, "")
                        .toException("a query that still runs but has no job", null, 1, null);
            }
            long asked = pauses.nanos().nanoTime();
            answer = await(job, deadline);
            if (!answer.isComplete() && pauses.nanos().nanoTime() - asked < SHORT_POLL.toNanos()) {
                // A server that does not hold the request is not asked all the time.
                pauses.sleeper().sleep(least(pause, deadline.remaining()));
                pause = least(pause.multipliedBy(2), SHORT_POLL);
            }
        }
        mayRun = false;
        return new Done(job, location, answer);
    }

    private PageReader.Answer query(String requestId, Deadline deadline) throws InterruptedException {
        ObjectNode body = requests.query(request, cut(requestId), deadline.remaining(), cap);
        PageReader.Answer answer = making(() -> rest.send(
                new RestCalls.Call("the query", null, requests.queriesPath(), body, this::sent), deadline, reader()));
        JsonNode reference = answer.head().path("jobReference");
        if (reference.isObject()) {
            learn(reference);
        }
        return answer;
    }

    private PageReader.Answer insert(String id, Deadline deadline) throws InterruptedException {
        jobId = id;
        ObjectNode body = requests.insert(request, id, deadline.remaining(), cap);
        try {
            JsonNode job = making(() -> rest.send(
                    new RestCalls.Call("the query", id, requests.jobsPath(), body, this::sent),
                    deadline,
                    Json.MAPPER::readTree));
            heardOf = true;
            learn(job.path("jobReference"));
            JsonNode error = job.path("status").path("errorResult");
            if (error.isObject()) {
                mayRun = false;
                throw RestFailure.ofJob(error).toException("the query", id, 1, null);
            }
        } catch (QueryFailedException e) {
            heardOf |= e.httpStatus() != 0;
            // An earlier attempt has made it, though its answer was lost.
            if (e.httpStatus() != 409 || !e.reason().equals("duplicate")) {
                throw e;
            }
            mayRun = true;
            location = RestFailure.locationOf(e.serverMessage(), id).orElse(location);
        }
        return await(id, deadline);
    }

    private PageReader.Answer await(String job, Deadline deadline) throws InterruptedException {
        try {
            return rest.send(
                    new RestCalls.Call("the query", job, requests.waitPath(job, location, deadline.remaining()), null),
                    deadline,
                    reader());
        } catch (QueryFailedException e) {
            // So a job's own end is told; who may not read, or asks in the wrong place, leaves a job that runs.
            mayRun &= e.httpStatus() != 400;
            throw e;
        }
    }

    private static RestCalls.BodyReader<PageReader.Answer> reader() {
        PageReader reader = new PageReader(List.of(), FIRST_PAGE_ROWS);
        return body -> {
            PageReader.Answer answer = reader.read(body);
            if (!answer.head().has("jobComplete")) {
                // Without it nothing tells a query that is done from one that has no rows yet.
                throw new IOException("the answer does not say whether the query is done");
            }
            return answer;
        };
    }

    private void learn(JsonNode reference) {
        jobId = reference.path("jobId").asString(jobId);
        String place = reference.path("location").asString("");
        if (!place.isEmpty()) {
            location = place;
        }
    }

    private void sent() {
        sent++;
        mayRun = true;
    }

    @FunctionalInterface
    private interface Sending<T> {
        T send() throws InterruptedException;
    }

    /** What BigQuery has refused to make does not run, unless it was made by an attempt before; anything else may. */
    private <T> T making(Sending<T> sending) throws InterruptedException {
        try {
            return sending.send();
        } catch (QueryFailedException e) {
            boolean refused = e.httpStatus() / 100 == 4 && e.retry() != Retry.SAME_REQUEST && sent == 1;
            mayRun &= !refused;
            throw e;
        }
    }

    /** {@return whether the server has confirmed that it stops the job} */
    private boolean cancel() {
        mayHaveBilled |= mayRun;
        String job = jobId;
        if (!mayRun || job == null) {
            return false;
        }
        // An interrupt would stop the cancelling too; the caller sets it again.
        boolean interrupted = Thread.interrupted();
        try {
            onCancel.run();
            JsonNode answer = askToStop(job);
            JsonNode status = answer.path("job").path("status");
            String reason = status.path("errorResult").path("reason").asString("");
            boolean failed =
                    status.path("state").asString("").equals("DONE") && !reason.isEmpty() && !reason.equals("stopped");
            // A job that had failed by itself costs nothing.
            mayHaveBilled &= !failed;
            return !failed;
        } catch (RuntimeException e) {
            return false;
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A job whose making was not heard of may be made yet: as long as there is none it is looked for again. */
    private JsonNode askToStop(String job) throws InterruptedException {
        Deadline deadline = Deadline.after(CANCEL_TIMEOUT, pauses.nanos());
        for (int attempt = 1; ; attempt++) {
            try {
                return rest.send(
                        new RestCalls.Call(
                                "cancelling", job, requests.cancelPath(job, location), Json.MAPPER.createObjectNode()),
                        deadline,
                        Json.MAPPER::readTree);
            } catch (QueryFailedException e) {
                Duration pause = least(pauses.afterFailure(attempt, null), SHORT_POLL);
                if (heardOf || e.httpStatus() != 404 || pause.compareTo(deadline.remaining()) >= 0) {
                    throw e;
                }
                pauses.sleeper().sleep(pause);
            }
        }
    }

    private static String cut(String requestId) {
        return requestId.length() <= 36 ? requestId : requestId.substring(requestId.length() - 36);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
