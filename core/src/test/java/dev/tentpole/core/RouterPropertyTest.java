package dev.tentpole.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class RouterPropertyTest {

    /** A backend to add. */
    record Entry(int number, String type, int priority) {}

    @Property
    void routing_does_not_depend_on_the_order_of_registration(
            @ForAll("registrations") List<Entry> entries, @ForAll Random random) {
        List<Entry> shuffled = new java.util.ArrayList<>(entries);
        java.util.Collections.shuffle(shuffled, random);
        Router one = router(entries);
        Router other = router(shuffled);
        assertThat(names(other)).isEqualTo(names(one));
        for (Entry entry : entries) {
            Query query = Query.builder("A")
                    .type(entry.type())
                    .timeRange(TestBackend.AN_HOUR)
                    .build();
            assertThat(other.route(query).name()).isEqualTo(one.route(query).name());
        }
    }

    @Provide
    Arbitrary<List<Entry>> registrations() {
        Arbitrary<Entry> entry = Combinators.combine(
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.of("sql", "rest", "promql"),
                        Arbitraries.integers().between(-2, 2))
                .as(Entry::new);
        return entry.list().ofMinSize(1).ofMaxSize(12).uniqueElements(Entry::number);
    }

    private static Router router(List<Entry> entries) {
        Router.Builder builder = Router.builder();
        entries.forEach(
                entry -> builder.backend(TestBackend.answering("b" + entry.number(), entry.type()), entry.priority()));
        return builder.build();
    }

    private static String names(Router router) {
        return IntStream.range(0, router.backends().size())
                .mapToObj(i -> router.backends().get(i).name())
                .collect(Collectors.joining(","));
    }
}
