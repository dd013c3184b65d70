package dev.tentpole.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class RouterTest {

    private final Router router = Router.builder()
            .backend(TestBackend.answering("b", "sql"), 1)
            .backend(TestBackend.answering("a", "sql"), 1)
            .backend(TestBackend.answering("z", "sql"), 0)
            .backend(new TestBackend("picky", "rest", query -> false, (query, context) -> null))
            .build();

    @Test
    void a_name_wins_over_a_type_and_over_priorities() {
        assertThat(route("b", "rest")).isEqualTo("b");
    }

    @Test
    void a_type_goes_to_the_smallest_priority_then_to_the_first_name() {
        assertThat(route(null, "sql")).isEqualTo("z");
        assertThat(router.backends()).extracting(Backend::name).containsExactly("picky", "z", "a", "b");
    }

    @Test
    void without_name_and_type_the_first_that_can_handle_it_answers() {
        assertThat(route(null, null)).isEqualTo("z");
    }

    @Test
    void an_unknown_name_is_told_the_known_ones() {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> route("c", null))
                .satisfies(e -> assertThat(e.status()).isEqualTo(404))
                .withMessage("there is no backend \"c\"; there are picky (rest), z (sql), a (sql), b (sql)");
    }

    @Test
    void an_unknown_type_is_told_the_known_ones() {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> route(null, "graph"))
                .satisfies(e -> assertThat(e.status()).isEqualTo(404))
                .withMessage("there is no backend of type \"graph\"; there are the types rest, sql");
    }

    @Test
    void a_backend_that_can_not_handle_the_query_is_not_asked() {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> route("picky", null))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> route(null, "rest"))
                .withMessageContaining("picky (rest)");
    }

    @Test
    void two_backends_of_one_name_are_refused() {
        Router.Builder builder = Router.builder().backend(TestBackend.answering("a", "sql"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.backend(TestBackend.answering("a", "rest")))
                .withMessage("the backend's name = a, must be unique, and another backend has it");
    }

    @Test
    void a_router_without_backends_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Router.builder().build());
    }

    private String route(String name, String type) {
        Query.Builder query = Query.builder("A").timeRange(TestBackend.AN_HOUR);
        if (name != null) {
            query.backend(name);
        }
        if (type != null) {
            query.type(type);
        }
        return router.route(query.build()).name();
    }
}
