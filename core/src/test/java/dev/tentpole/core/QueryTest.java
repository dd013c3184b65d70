package dev.tentpole.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QueryTest {

    private record Model(String expression, Integer limit, List<String> labels) {}

    @Test
    void a_model_is_bound_to_a_record_and_unknown_fields_are_ignored() {
        Query query = query("{\"expression\":\"up\",\"labels\":[\"a\"],\"hide\":true}");
        assertThat(query.as(Model.class)).isEqualTo(new Model("up", null, List.of("a")));
    }

    @Test
    void a_field_of_the_wrong_type_is_named_and_not_quoted() {
        Query query = query("{\"expression\":\"up\",\"limit\":\"s3cret\"}");
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> query.as(Model.class))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400))
                .withMessage("query A: the field at /limit has the wrong type or value");
    }

    @Test
    void a_model_that_is_not_an_object_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> query("[1]")).withMessageContaining("not a JSON object");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query("{\"a\":"))
                .withMessageContaining("not JSON")
                .withMessageContaining("line 1");
    }

    @Test
    void the_interval_follows_from_range_and_points() {
        Query query = Query.builder("A")
                .timeRange(TestBackend.AN_HOUR)
                .maxDataPoints(3_600)
                .build();
        assertThat(query.interval()).isEqualTo(Duration.ofSeconds(1));
        Query dense = Query.builder("A")
                .timeRange(TestBackend.AN_HOUR)
                .maxDataPoints(10_000_000)
                .build();
        assertThat(dense.interval()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void settings_outside_of_their_range_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Query.builder(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> Query.builder("x".repeat(101)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Query.builder("A").maxDataPoints(0))
                .withMessage("maxDataPoints = 0 is not in 1..10000000");
        assertThatIllegalArgumentException().isThrownBy(() -> Query.builder("A").interval(Duration.ZERO));
        assertThatIllegalStateException()
                .isThrownBy(() -> Query.builder("A").build())
                .withMessageContaining("timeRange");
    }

    @Test
    void a_request_refuses_two_queries_of_one_ref_id_and_none_at_all() {
        Query query = query("{}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryRequest.of(query, query))
                .withMessage("two queries of the request have the refId \"A\": each needs its own");
        assertThatIllegalArgumentException().isThrownBy(QueryRequest::of);
    }

    private static Query query(String model) {
        return Query.builder("A").timeRange(TestBackend.AN_HOUR).model(model).build();
    }
}
