package dev.tentpole.health;

import dev.tentpole.base.Args;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Turns a report into what others read: JSON, one line of text, an HTTP status, Grafana's answer to "check health".
 *
 * <p>Tells little unless asked for more: see {@link Detail}. Immutable and safe for use by several threads.
 *
 * <table>
 *   <caption>HTTP status by default</caption>
 *   <tr><th>status</th><th>{@link Group#LIVE}</th><th>{@link Group#STARTUP}</th><th>other groups</th></tr>
 *   <tr><td>{@code HEALTHY}, {@code DEGRADED}</td><td>200</td><td>200</td><td>200</td></tr>
 *   <tr><td>{@code UNKNOWN}: nothing to judge</td><td>200</td><td>200</td><td>503</td></tr>
 *   <tr><td>{@code STARTING}</td><td>200</td><td>503</td><td>503</td></tr>
 *   <tr><td>{@code UNHEALTHY}, {@code STALE}, {@code LAME_DUCK}</td><td>503</td><td>503</td><td>503</td></tr>
 * </table>
 */
public final class HealthRenderer {

    private static final HealthRenderer STANDARD = builder().build();
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Map<Group, Map<Status, Integer>> httpStatuses;

    private HealthRenderer(Map<Group, Map<Status, Integer>> httpStatuses) {
        this.httpStatuses = httpStatuses;
    }

    /** How much a reader may learn. */
    public enum Detail {
        /** The group and its status; for anyone. */
        PUBLIC,
        /**
         * Besides, score, coverage, root causes, and each check's name, terms, status, reason category, message, times and
         * counts, and whether it is overridden; for people of the house.
         */
        AUTHORISED,
        /**
         * Besides, details, exceptions' texts, and who overrode a check and why; may hold secrets, for those who may know
         * them.
         */
        FULL
    }

    /**
     * What Grafana's plugin protocol takes for an answer to "check health".
     *
     * @param status one of the protocol's three
     * @param message what Grafana shows: the status, and the checks to blame with their reason categories
     * @param jsonDetails the report as JSON, of {@link Detail#AUTHORISED} detail
     */
    public record GrafanaHealth(Verdict status, String message, String jsonDetails) {

        /** The three statuses that Grafana knows. */
        public enum Verdict {
            /** Nothing is known: starting, stale, or nothing to judge. */
            UNKNOWN,
            /** Healthy; or degraded, and then the message says so. */
            OK,
            /** Unhealthy, or about to stop. */
            ERROR
        }
    }

    /**
     * {@return the renderer with the default HTTP statuses}
     */
    public static HealthRenderer standard() {
        return STANDARD;
    }

    /**
     * {@return a builder for other HTTP statuses}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the group's status as a JSON object, of {@link Detail#PUBLIC} detail}
     *
     * @param report what to render
     * @param group which group of it
     * @throws HealthException if the report's registry does not know the group
     */
    public String json(HealthReport report, Group group) {
        return json(report, group, Detail.PUBLIC);
    }

    /**
     * {@return the group as a JSON object}
     *
     * @param report what to render
     * @param group which group of it
     * @param detail how much to tell
     * @throws HealthException if the report's registry does not know the group
     */
    public String json(HealthReport report, Group group, Detail detail) {
        return JsonReport.of(report, report.group(group), detail);
    }

    /**
     * {@return the group in one line of text, of {@link Detail#AUTHORISED} detail: status, score and coverage in per cent,
     * and every check that is not healthy with its reason category}
     *
     * @param report what to render
     * @param group which group of it
     * @throws HealthException if the report's registry does not know the group
     */
    public String line(HealthReport report, Group group) {
        GroupReport judged = report.group(group);
        StringBuilder line = new StringBuilder(group.name()).append(' ').append(judged.status());
        judged.score().ifPresent(score -> line.append(" score=").append(percent(score)));
        line.append(" coverage=").append(percent(judged.coverage()));
        line.append(" checks=").append(judged.checks().size());
        List<CheckReport> notHealthy = notHealthy(judged);
        if (!notHealthy.isEmpty()) {
            line.append(": ").append(names(notHealthy));
        }
        return line.toString();
    }

    /**
     * {@return the HTTP status for a group}
     *
     * @param report what to render
     * @param group which group of it
     * @throws HealthException if the report's registry does not know the group
     */
    public int httpStatus(HealthReport report, Group group) {
        Status status = report.status(group);
        Integer configured = httpStatuses.getOrDefault(group, Map.of()).get(status);
        return configured == null ? defaultHttpStatus(group, status) : configured;
    }

    /**
     * {@return Grafana's view of a group}
     *
     * <p>Grafana knows no "degraded": it becomes OK, with a message that says so and names the checks. No exception's text
     * is in it.
     *
     * @param report what to render
     * @param group which group of it
     * @throws HealthException if the report's registry does not know the group
     */
    public GrafanaHealth grafana(HealthReport report, Group group) {
        GroupReport judged = report.group(group);
        GrafanaHealth.Verdict verdict = switch (judged.status()) {
            case HEALTHY, DEGRADED -> GrafanaHealth.Verdict.OK;
            case UNHEALTHY, LAME_DUCK -> GrafanaHealth.Verdict.ERROR;
            case STARTING, STALE, UNKNOWN, MAINTENANCE -> GrafanaHealth.Verdict.UNKNOWN;
        };
        List<CheckReport> notHealthy = notHealthy(judged);
        String message = sentence(judged.status()) + (notHealthy.isEmpty() ? "" : ": " + names(notHealthy));
        return new GrafanaHealth(verdict, message, json(report, group, Detail.AUTHORISED));
    }

    private static int defaultHttpStatus(Group group, Status status) {
        boolean live = group.equals(Group.LIVE);
        return switch (status) {
            case HEALTHY, DEGRADED -> OK;
            case UNKNOWN -> live || group.equals(Group.STARTUP) ? OK : UNAVAILABLE;
            case STARTING -> live ? OK : UNAVAILABLE;
            case UNHEALTHY, STALE, LAME_DUCK, MAINTENANCE -> UNAVAILABLE;
        };
    }

    private static String sentence(Status status) {
        return switch (status) {
            case HEALTHY -> "Healthy";
            case DEGRADED -> "Degraded";
            case UNHEALTHY -> "Unhealthy";
            case STARTING -> "Starting, no results yet";
            case STALE -> "Stale, the last results are too old to believe";
            case UNKNOWN, MAINTENANCE -> "Unknown, no check counts";
            case LAME_DUCK -> "About to stop";
        };
    }

    private static List<CheckReport> notHealthy(GroupReport group) {
        return group.checks().stream()
                .filter(check -> check.status() != Status.HEALTHY)
                .toList();
    }

    private static String names(List<CheckReport> checks) {
        return checks.stream().map(HealthRenderer::name).collect(Collectors.joining(", "));
    }

    private static String name(CheckReport check) {
        boolean because = !check.rootCauses().isEmpty() && !check.rootCauses().contains(check.name());
        String reason = check.reason() == ReasonCategory.NONE ? "" : " " + check.reason();
        return check.name() + "(" + check.status() + reason
                + (because ? " because of " + String.join("+", check.rootCauses()) : "") + ")";
    }

    private static String percent(int basisPoints) {
        return basisPoints / 100 + "." + basisPoints / 10 % 10 + basisPoints % 10 + "%";
    }

    /**
     * Builds a {@link HealthRenderer}. Not safe for use by several threads.
     */
    public static final class Builder {

        private final Map<Group, Map<Status, Integer>> httpStatuses = new HashMap<>();

        private Builder() {}

        /**
         * Sets the HTTP status for one status of one group; the others keep their defaults.
         *
         * @param group which group
         * @param status which status of it
         * @param httpStatus 200 to 599
         * @return this builder
         * @throws IllegalArgumentException if the HTTP status is out of range
         */
        public Builder httpStatus(Group group, Status status, int httpStatus) {
            httpStatuses
                    .computeIfAbsent(Objects.requireNonNull(group, "group"), key -> new HashMap<>())
                    .put(Objects.requireNonNull(status, "status"), Args.inRange("httpStatus", httpStatus, OK, 599));
            return this;
        }

        /**
         * {@return the renderer}
         */
        public HealthRenderer build() {
            Map<Group, Map<Status, Integer>> copy = new HashMap<>();
            httpStatuses.forEach((group, statuses) -> copy.put(group, Map.copyOf(statuses)));
            return new HealthRenderer(Map.copyOf(copy));
        }
    }
}
