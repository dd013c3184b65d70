package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tentpole.streaming.faults.LineProtocol;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tokens, values of headers and queries of addresses are shown nowhere. */
final class ConnectionSecretsTest {

    @Test
    void secrets_are_shown_nowhere() {
        Rig rig =
                new Rig(builder -> builder.header("X-Key", "hunter2").tokens(fresh -> TokenSource.Token.of("hunter2")));
        FakeTransport.Peer peer = rig.server.last();
        assertThat(peer.request.headers()).containsEntry("Authorization", "Bearer hunter2");
        peer.refuse(403);
        rig.loop.run();
        assertThat(rig.connection.toString()).doesNotContain("hunter2");
        assertThat(peer.request.toString()).doesNotContain("hunter2");
        assertThat(TokenSource.Token.of("hunter2").toString()).doesNotContain("hunter2");
        assertThat(rig.changes.toString()).doesNotContain("hunter2");
        assertThat(rig.connection.machine().life().failure().getMessage()).doesNotContain("hunter2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamConnection.builder(
                        URI.create("http://user:hunter2@x/?hunter2"), new LineProtocol(false, false)))
                .withMessageNotContaining("hunter2")
                .withMessageContaining("ws or wss");
    }

    @Test
    void a_header_that_the_jdk_refuses_is_named_at_once_and_its_value_is_not_shown() {
        Map<String, String> refused = Map.of("X-Key", "hunter2\nx", "Host", "hunter2", "Sec-WebSocket-Key", "hunter2");
        refused.forEach((header, value) -> assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamConnection.builder(Rig.ADDRESS, new LineProtocol(false, false))
                        .header(header, value)
                        .open())
                .withMessageContaining(header)
                .withMessageNotContaining("hunter2")
                .withNoCause());
    }

    @Test
    void nor_is_one_of_a_handshake_that_is_made_up_later() throws Exception {
        URI address = URI.create("ws://127.0.0.1:1/?hunter2");
        try (StreamConnection<String> connection = StreamConnection.builder(address, new LineProtocol(false, false))
                .handshake(token ->
                        new Transport.Request(address, Map.of("X-Key", "hunter2\nx"), List.of(), Duration.ofSeconds(1)))
                .settings(ConnectionSettings.builder()
                        .maxAttempts(1)
                        .backoffBase(Duration.ofMillis(1))
                        .build())
                .open()) {
            assertThatExceptionOfType(ConnectionException.class)
                    .isThrownBy(() -> connection.awaitReady(Duration.ofSeconds(20)))
                    .satisfies(thrown -> {
                        StringWriter all = new StringWriter();
                        thrown.printStackTrace(new PrintWriter(all));
                        assertThat(all.toString()).doesNotContain("hunter2").contains("header X-Key");
                    });
        }
    }
}
