package dev.tentpole.bigquery;

import org.jspecify.annotations.Nullable;

/**
 * What this library throws when something about BigQuery goes wrong; the subclasses say what. Its message has no secret
 * and no literal of a query.
 */
public class BigQueryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BigQueryException(String message) {
        super(message);
    }

    BigQueryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
