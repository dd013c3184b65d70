package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ReplaySource.Replayed;
import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.LineProtocol;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's example of a connection does what it shows. */
final class ConnectionExampleTest {

    private static final String SOURCE = "src/test/java/dev/tentpole/streaming/ConnectionExampleTest.java";

    @Test
    @Timeout(60)
    void the_example_works() throws IOException, InterruptedException {
        try (FaultServer server = FaultServer.start(peer -> {
            peer.accept();
            peer.text("ack " + peer.awaitSubscription() + " e 1");
            peer.text("data trades.btc e 3 three");
            peer.serveLines();
        })) {
            URI address = server.uri();
            StreamProtocol<String> protocol = new LineProtocol(false, false);
            ReplaySource<String> history =
                    (channel, after, upTo) -> List.of(new Replayed<>(new StreamPosition("e", 2), "two", 3));
            Seen<StreamMessage<String>> panel = new Seen<>();
            // example
            StreamConnection<String> connection = StreamConnection.builder(address, protocol)
                    .tokens(fresh -> TokenSource.Token.of("secret"))
                    .replays(history)
                    .listener(change -> System.out.println("stream: " + change.to() + ", " + change.reason()))
                    .open();
            Subscription<StreamMessage<String>> trades = connection
                    .topics()
                    .subscribe(
                            SubscriptionSettings.<StreamMessage<String>>of("trades.*")
                                    .build(),
                            panel);
            connection.subscribe("trades.btc");
            boolean ready = connection.awaitReady(Duration.ofSeconds(10));
            // end
            assertThat(ready).isTrue();
            Until.holds(() -> trades.counters().delivered() == 2);
            DrainReport report = connection.drain(Duration.ofSeconds(5)).join();
            assertThat(report).isEqualTo(new DrainReport(0, 0, 0, true));
            assertThat(server.peers().get(0).header("Authorization")).isEqualTo("Bearer secret");
            assertThat(server.peers().get(0).texts()).containsExactly("sub trades.btc", "unsub trades.btc");
        }
    }

    @Test
    void readme_shows_the_example() throws IOException {
        List<String> source = Files.readAllLines(Path.of(SOURCE));
        int start = source.stream().map(String::strip).toList().indexOf("// example") + 1;
        int end = source.stream().map(String::strip).toList().indexOf("// end");
        String example = compact(source.subList(start, end));
        assertThat(example).contains("awaitReady");
        assertThat(compact(Files.readAllLines(Path.of("README.md")))).contains(example);
    }

    private static String compact(List<String> lines) {
        return String.join("", lines).replaceAll("\\s", "");
    }
}
