package dev.tentpole.examples.promql;

import dev.tentpole.promql.AnalysisContext;
import java.time.Duration;
import java.util.Optional;

/**
 * A query and where it comes from.
 *
 * @param file the file, or {@code -} for standard input and the command line
 * @param line the line in the file on which the query starts, from 1; 0 where lines mean nothing
 * @param place what it is for: {@code alert HighLoad}, {@code panel "CPU" target A}; empty if there is nothing to say
 * @param text the query
 * @param kind what it is for, for analysis
 * @param templates whether Grafana's variables may stand in it
 * @param assumed whether it is taken for PromQL although nothing but the name of its source is known
 * @param alertFor how long an alert waits before it fires
 * @param interval how often a rule is evaluated
 */
record SourceQuery(
        String file,
        int line,
        String place,
        String text,
        AnalysisContext.Kind kind,
        boolean templates,
        boolean assumed,
        Optional<Duration> alertFor,
        Optional<Duration> interval) {

    static SourceQuery plain(String file, int line, String text) {
        return new SourceQuery(
                file, line, "", text, AnalysisContext.Kind.UNKNOWN, false, false, Optional.empty(), Optional.empty());
    }

    /** {@return file, line and place as people read them; a dashboard's title must not control their terminal} */
    String origin() {
        String origin = file + (line > 0 ? ":" + line : "") + (place.isEmpty() ? "" : ": " + place);
        return origin.replaceAll("\\p{Cc}", "\ufffd");
    }
}
