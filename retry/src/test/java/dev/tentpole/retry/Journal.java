package dev.tentpole.retry;

import java.util.ArrayList;
import java.util.List;

/** Writes down what a listener is told, without the identities of exceptions. */
final class Journal implements RetryListener {

    final List<String> lines = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();

    @Override
    public void onFailedAttempt(Operation operation, Attempt attempt) {
        attempts.add(attempt);
        lines.add("failed " + operation.name() + " " + text(attempt));
    }

    @Override
    public void onRecovered(Operation operation, List<Attempt> failed) {
        lines.add("recovered " + operation.name() + " "
                + failed.stream().map(Journal::text).toList());
    }

    @Override
    public void onFailed(Operation operation, List<Attempt> failed) {
        lines.add("ended " + operation.name() + " "
                + failed.stream().map(Journal::text).toList());
    }

    private static String text(Attempt attempt) {
        return attempt.number() + " " + attempt.failure() + " "
                + attempt.thrown()
                        .map(thrown -> thrown.getClass().getSimpleName())
                        .orElse("result") + " "
                + attempt.duration() + " " + attempt.nextWait();
    }
}
