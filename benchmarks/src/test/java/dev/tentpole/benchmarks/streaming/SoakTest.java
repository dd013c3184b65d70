package dev.tentpole.benchmarks.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The soak of streaming, as long as a build can wait. */
@Tag("thorough")
final class SoakTest {

    @Test
    void twenty_seconds_of_load_and_faults_lose_nothing_unseen() {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        new Soak().run(new PrintStream(table, true, StandardCharsets.UTF_8), List.of("--seconds", "20"));
        assertThat(table.toString(StandardCharsets.UTF_8))
                .contains("Nothing out of order, nothing missing without a gap, every counter adds up");
    }
}
