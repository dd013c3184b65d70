package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever server, protocol and sources do, what waits for them is bounded. */
@Timeout(60)
final class ConnectionBoundsTest {

    @Test
    void answers_that_the_server_asks_for_and_does_not_read_are_bounded_in_bytes_and_shown() {
        Rig rig = Rig.withSettings(builder -> builder.maxOutboundBytes(1_000));
        FakeTransport.Peer peer = rig.openNow();
        peer.holdsWrites = true;
        for (int i = 0; i < 3; i++) {
            rig.say("ask " + "x".repeat(300));
        }
        assertThat(rig.connection.outboundBytes()).isEqualTo(3 * 303);
        assertThat(rig.connection.send(WireMessage.text("y".repeat(1_000))).isAccepted())
                .isTrue();
        rig.say("ask " + "x".repeat(300));
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.CONTROL_FLOOD);
        assertThat(rig.connection.outboundBytes()).isZero();
    }

    @Test
    void answers_that_are_written_make_room_for_others() {
        Rig rig = Rig.withSettings(builder -> builder.maxOutboundBytes(1_000));
        FakeTransport.Peer peer = rig.openNow();
        for (int i = 0; i < 10; i++) {
            peer.holdsWrites = true;
            rig.say("ask " + "x".repeat(900));
            peer.holdsWrites = false;
            peer.heldWrite.complete(null);
            rig.loop.run();
            rig.loop.pass(Duration.ofMillis(1));
        }
        assertThat(peer.sent).hasSize(10);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.connection.outboundBytes()).isZero();
    }
}
