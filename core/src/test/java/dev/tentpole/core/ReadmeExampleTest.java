package dev.tentpole.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.core.frame.Field;
import dev.tentpole.core.frame.FieldBuilder;
import dev.tentpole.core.frame.FieldType;
import dev.tentpole.core.frame.Frame;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the README and of the package's documentation, line by line. */
final class ReadmeExampleTest {

    static final class Thermometer implements Backend {

        @Override
        public String name() {
            return "kitchen";
        }

        @Override
        public String type() {
            return "thermometer";
        }

        @Override
        public List<Frame> query(Query query, QueryContext context) {
            FieldBuilder time = Field.builder("time", FieldType.TIME);
            FieldBuilder celsius =
                    Field.builder("temperature", FieldType.FLOAT64).nullable();
            Instant end = query.timeRange().to();
            for (Instant t = query.timeRange().from(); t.isBefore(end); t = t.plus(query.interval())) {
                time.appendTime(t);
                celsius.appendDouble(20 + (int) (t.getEpochSecond() % 3));
            }
            return List.of(Frame.of("kitchen", time.build(), celsius.build()));
        }

        @Override
        public BackendHealth checkHealth(QueryContext context) {
            return BackendHealth.ok("the sensor answers");
        }

        @Override
        public void close() {}
    }

    @Test
    void the_example_answers() throws InterruptedException {
        try (DataSource source = DataSource.builder()
                .backend(new Thermometer())
                .timeout(Duration.ofSeconds(10))
                .build()) {
            QueryRequest request = QueryRequest.of(Query.builder("A")
                    .backend("kitchen")
                    .timeRange(TimeRange.parse("now-1h", "now", InstantSource.system()))
                    .build());
            QueryResponse response = source.query(request);
            List<Frame> frames = response.result("A").framesOrThrow();
            assertThat(frames).hasSize(1);
            assertThat(frames.get(0).rows()).isEqualTo(1_000);
            assertThat(frames.get(0).field(1).getDouble(0)).isBetween(20.0, 22.0);
        }
    }
}
