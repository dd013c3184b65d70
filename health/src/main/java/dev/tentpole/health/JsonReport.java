package dev.tentpole.health;

import dev.tentpole.health.HealthRenderer.Detail;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The JSON form of a group's report. Members that do not apply are left out. */
final class JsonReport {

    private final JsonWriter json = new JsonWriter();
    private final Detail detail;

    private JsonReport(Detail detail) {
        this.detail = detail;
    }

    static String of(HealthReport report, GroupReport group, Detail detail) {
        return new JsonReport(detail).write(report, group);
    }

    private String write(HealthReport report, GroupReport group) {
        json.beginObject();
        json.name("group").value(group.group().name());
        json.name("status").value(group.status().name());
        if (detail != Detail.PUBLIC) {
            group.score().ifPresent(score -> json.name("score").value(score));
            json.name("coverage").value(group.coverage());
            instant("lameDuckSince", report.lameDuckSince());
            strings("rootCauses", group.rootCauses());
            json.name("checks").beginArray();
            group.checks().forEach(this::check);
            json.endArray();
        }
        return json.endObject().toString();
    }

    private void check(CheckReport check) {
        CheckSettings settings = check.settings();
        json.beginObject();
        json.name("name").value(check.name());
        json.name("status").value(check.status().name());
        json.name("observed").value(check.observed().name());
        json.name("kind").value(settings.kind().name());
        json.name("critical").value(settings.isCritical());
        json.name("weight").value(weight(settings));
        check.lastResult().ifPresent(result -> result(check, result));
        check.age().ifPresent(age -> json.name("ageSeconds").value(age));
        check.lastDuration().ifPresent(duration -> json.name("durationSeconds").value(duration));
        instant("lastResultAt", check.lastResultAt());
        instant("lastSuccessAt", check.lastSuccessAt());
        instant("lastFailureAt", check.lastFailureAt());
        json.name("consecutiveFailures").value(check.consecutiveFailures());
        json.name("consecutiveSuccesses").value(check.consecutiveSuccesses());
        json.name("abandoned").value(check.isAbandoned());
        check.override().ifPresent(this::override);
        strings("rootCauses", check.rootCauses());
        json.endObject();
    }

    private void result(CheckReport check, CheckResult result) {
        json.name("reason").value(check.reason().name());
        json.name("message").value(result.message());
        if (detail == Detail.FULL) {
            json.name("details").beginObject();
            result.details().forEach((name, value) -> json.name(name).value(value));
            json.endObject();
            result.exceptionText().ifPresent(text -> json.name("exception").value(text));
        }
    }

    private void override(ManualOverride override) {
        json.name("override").beginObject();
        json.name("kind").value(override.kind().name());
        json.name("until").value(override.until().toString());
        if (detail == Detail.FULL) {
            json.name("by").value(override.by());
            json.name("reason").value(override.reason());
        }
        json.endObject();
    }

    private void instant(String name, Optional<Instant> instant) {
        instant.ifPresent(value -> json.name(name).value(value.toString()));
    }

    private void strings(String name, List<String> values) {
        json.name(name).beginArray();
        values.forEach(json::value);
        json.endArray();
    }

    private static BigDecimal weight(CheckSettings settings) {
        return BigDecimal.valueOf(settings.weightUnits(), 3).stripTrailingZeros();
    }
}
