package dev.tentpole.bigquery;

import dev.tentpole.base.Deadline;
import dev.tentpole.bigquery.QueryCancelledException.Reason;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query that has run, page by page. While a page is worked on, the next one is fetched, and never more than that.
 *
 * <p>A page that breaks off is fetched anew, as a whole; at the end it is checked that all rows have come, each once. Used by
 * one thread, or by several one after the other; {@link #close} may be called by any.
 */
public final class QueryResult implements Iterable<QueryPage>, AutoCloseable {

    private final RestCalls rest;
    private final JobRequests requests;
    private final Pauses pauses;
    private final Executor prefetch;
    private final OpenCalls calls;
    private final Duration timeout;
    private final @Nullable String jobId;
    private final @Nullable String location;
    private final List<TableField> schema;
    private final long totalRows;
    private final QueryStatistics statistics;

    private PageReader.@Nullable Answer ready;
    private volatile @Nullable FutureTask<PageReader.Answer> coming;
    private volatile @Nullable Thread fetcher;
    private volatile boolean closed;
    private long rowsSoFar;
    private @Nullable String lastToken;

    QueryResult(
            RestCalls rest,
            JobRequests requests,
            Pauses pauses,
            Executor prefetch,
            OpenCalls calls,
            Duration timeout,
            QueryJob.Done done,
            QueryStatistics statistics) {
        this.rest = rest;
        this.requests = requests;
        this.pauses = pauses;
        this.prefetch = prefetch;
        this.calls = calls;
        this.timeout = timeout;
        this.jobId = done.jobId();
        this.location = done.location();
        this.schema = done.first().schema();
        this.totalRows = done.first().totalRows();
        this.statistics = statistics;
        this.ready = done.first();
    }

    /**
     * {@return the columns, empty for a statement that has none}
     */
    public List<TableField> schema() {
        return schema;
    }

    /**
     * {@return how many rows all pages together have}
     */
    public long totalRows() {
        return totalRows;
    }

    /**
     * {@return the job, empty if BigQuery made none}
     */
    public Optional<String> jobId() {
        return Optional.ofNullable(jobId);
    }

    @Nullable
    String location() {
        return location;
    }

    /**
     * {@return what the query has cost, as far as the result says; {@link BigQueryClient#statistics} asks for the rest}
     */
    public QueryStatistics statistics() {
        return statistics;
    }

    /**
     * {@return the next page, waiting for it; empty once all have been given}
     *
     * @throws QueryCancelledException if the page doesn't come in time, the thread is interrupted, or the result is closed
     * @throws QueryFailedException if BigQuery refuses the page, or the pages do not add up to the rows that it told of
     */
    public Optional<QueryPage> nextPage() {
        if (closed) {
            throw closedMeanwhile(null);
        }
        try (OpenCalls.Call call = calls.begin()) {
            try {
                return next();
            } catch (QueryCancelledException e) {
                throw call.explain(e);
            }
        }
    }

    private Optional<QueryPage> next() {
        PageReader.Answer answer = ready;
        ready = null;
        if (answer == null) {
            FutureTask<PageReader.Answer> task = coming;
            if (task == null) {
                return Optional.empty();
            }
            answer = join(task);
            coming = null;
        }
        String token = answer.pageToken();
        long first = rowsSoFar;
        rowsSoFar += answer.rows();
        if (rowsSoFar > totalRows || (token == null && rowsSoFar < totalRows)) {
            close();
            throw RestFailure.badAnswer(200, "")
                    .toException("a result of " + totalRows + " rows that has " + rowsSoFar, jobId, 1, null);
        }
        if (token != null) {
            if (token.equals(lastToken)) {
                close();
                throw RestFailure.badAnswer(200, "")
                        .toException("a result whose pages go round in circles", jobId, 1, null);
            }
            lastToken = token;
            prefetch(token, answer.rows());
        }
        return answer.rows() == 0 && token == null
                ? Optional.empty()
                : Optional.of(new QueryPage(first, answer.rows(), answer.columns()));
    }

    /**
     * {@return the pages that have not been given yet, once, with the exceptions of {@link #nextPage}}
     */
    @Override
    public Iterator<QueryPage> iterator() {
        return new Iterator<>() {

            private Optional<QueryPage> next = Optional.empty();
            private boolean looked;

            @Override
            public boolean hasNext() {
                if (!looked) {
                    next = nextPage();
                    looked = true;
                }
                return next.isPresent();
            }

            @Override
            public QueryPage next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("all pages have been given");
                }
                looked = false;
                return next.orElseThrow();
            }
        };
    }

    /** Gives up the page that is being fetched. The job is done already. Closing twice is harmless. */
    @Override
    public void close() {
        closed = true;
        FutureTask<PageReader.Answer> task = coming;
        if (task != null) {
            task.cancel(true);
        }
    }

    private void prefetch(String token, int expectedRows) {
        String job = jobId;
        if (job == null) {
            throw RestFailure.badAnswer(200, "").toException("a result of several pages but no job", null, 1, null);
        }
        FutureTask<PageReader.Answer> task = new FutureTask<>(() -> {
            fetcher = Thread.currentThread();
            return rest.send(
                    new RestCalls.Call("reading a page", job, requests.pagePath(job, location, token), null),
                    Deadline.after(timeout, pauses.nanos()),
                    new PageReader(schema, expectedRows));
        });
        coming = task;
        try {
            prefetch.execute(task);
        } catch (RejectedExecutionException e) {
            // All threads are busy with other results: the page is fetched when it is asked for.
            return;
        }
        if (closed) {
            task.cancel(true);
        }
    }

    private PageReader.Answer join(FutureTask<PageReader.Answer> task) {
        task.run();
        try {
            return task.get();
        } catch (InterruptedException e) {
            close();
            throw interrupted(e);
        } catch (ExecutionException e) {
            RuntimeException failure = failure(e.getCause());
            close();
            throw failure;
        } catch (CancellationException e) {
            throw closedMeanwhile(e);
        }
    }

    private RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof QueryFailedException failed) {
            return failed;
        }
        if (cause instanceof QueryCancelledException) {
            return new QueryCancelledException(
                    Reason.TIMEOUT, "a page did not come within timeout = " + timeout, jobId, false, cause);
        }
        // Otherwise the client was closed, which ends its threads.
        if (cause instanceof InterruptedException && !closed && fetcher == Thread.currentThread()) {
            return interrupted(cause);
        }
        return cause instanceof RuntimeException other ? other : closedMeanwhile(cause);
    }

    private QueryCancelledException interrupted(Throwable cause) {
        Thread.currentThread().interrupt();
        return new QueryCancelledException(
                Reason.INTERRUPTED, "the thread was interrupted while a page was read", jobId, false, cause);
    }

    private QueryCancelledException closedMeanwhile(@Nullable Throwable cause) {
        return new QueryCancelledException(Reason.CLOSED, "the result is closed", jobId, false, cause);
    }
}
