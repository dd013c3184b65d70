package dev.tentpole.benchmarks.streaming;

import dev.tentpole.streaming.ConnectionSettings;
import dev.tentpole.streaming.ConnectionState;
import dev.tentpole.streaming.StreamConnection;
import dev.tentpole.streaming.StreamMessage;
import dev.tentpole.streaming.SubscriptionSettings;
import dev.tentpole.streaming.WireMessage;
import dev.tentpole.streaming.faults.LineProtocol;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tentpole's connection. */
final class SufferingTentpole extends Suffering {

    private @Nullable StreamConnection<String> connection;

    @Override
    void connect(URI uri) {
        StreamConnection<String> made = StreamConnection.builder(uri, new LineProtocol(false, false))
                .settings(ConnectionSettings.builder()
                        .heartbeat(Duration.ofMillis(HEARTBEAT_MILLIS))
                        .connectTimeout(Duration.ofMillis(CONNECT_MILLIS))
                        .ackTimeout(Duration.ofMillis(300))
                        .sendTimeout(Duration.ofSeconds(1))
                        .messageTimeout(Duration.ofSeconds(1))
                        .spread(Duration.ofSeconds(1))
                        .maxOutboundBytes(16 << 20)
                        .build())
                .listener(change -> {
                    if (change.to() == ConnectionState.WAITING || change.to() == ConnectionState.FAILED) {
                        tells((change.to() + " " + change.reason()).toLowerCase(Locale.ROOT));
                    }
                })
                .open();
        made.topics()
                .subscribe(
                        SubscriptionSettings.<StreamMessage<String>>of("c").build(),
                        (message, sequence) -> gets(message.payload()));
        made.subscribe("c");
        connection = made;
    }

    @Override
    void sendMuch() {
        StreamConnection<String> made = connection;
        if (made != null) {
            made.send(WireMessage.text("x".repeat(8 << 20)));
        }
    }

    @Override
    boolean comesBack() {
        return true;
    }

    @Override
    boolean saysOpen() {
        StreamConnection<String> made = connection;
        return made != null && (made.state() == ConnectionState.OPEN || made.state() == ConnectionState.READY);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
