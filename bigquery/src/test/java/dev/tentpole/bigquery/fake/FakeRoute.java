package dev.tentpole.bigquery.fake;

/** What a request to a {@link FakeBigQuery} asks for; requests are counted by it and go wrong by it. */
public enum FakeRoute {
    /** {@code jobs.insert} of a job that runs. */
    INSERT,
    /** {@code jobs.insert} of a dry run. */
    DRY_RUN,
    /** {@code jobs.query}. */
    QUERY,
    /** {@code jobs.getQueryResults} without a page token. */
    RESULTS,
    /** {@code jobs.getQueryResults} with a page token. */
    PAGE,
    /** {@code tabledata.list}, with which Google's client reads pages. */
    TABLE_DATA,
    /** {@code jobs.get}. */
    JOB,
    /** {@code jobs.cancel}. */
    CANCEL,
    /** The server of tokens. */
    TOKEN,
    /** The metadata server. */
    METADATA,
    /** Anything else, which is answered with 404. */
    OTHER
}
