package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ConnectionListener.StateChange;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whether and when another attempt is made, on a fake clock. */
final class ConnectionRetryTest {

    @Test
    void the_failure_count_begins_anew_only_after_ten_seconds_of_ready() {
        Rig rig = new Rig().serves();
        rig.server.onConnect.accept(rig.server.last());
        rig.loop.run();
        for (int i = 0; i < 5; i++) {
            rig.loop.pass(Duration.ofSeconds(9));
            rig.server.last().drop();
            rig.loop.run();
            assertThat(rig.lastChange().retryIn()).isEqualTo(Duration.ofMillis(250L << i));
            rig.passRetry();
        }
        rig.loop.pass(Duration.ofSeconds(10));
        rig.server.last().drop();
        rig.loop.run();
        assertThat(rig.lastChange().retryIn()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void a_connection_that_is_no_longer_ready_by_then_has_not_been_stable() {
        Rig rig = Rig.withSettings(settings -> settings.maxAttempts(3));
        rig.connection.subscribe("c");
        for (int i = 0; i < 3; i++) {
            rig.openNow();
            rig.say("ack c");
            rig.say("end c again later");
            assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
            while (rig.state() == ConnectionState.OPEN) {
                rig.loop.passToNextTimer();
            }
            assertThat(rig.connection.machine().counters.reconnects(ConnectionReason.ACK_TIMEOUT))
                    .isEqualTo(i + 1);
            if (rig.state() == ConnectionState.WAITING) {
                rig.passRetry();
            }
        }
        assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.ATTEMPTS_EXHAUSTED);
    }

    @Test
    void the_longest_wait_is_the_base_doubled_and_never_above_the_cap() {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
        long total = 0;
        for (int k = 0; k < 100; k++) {
            long expected = k < 6 ? 500_000_000L << k : 30_000_000_000L;
            assertThat(backoff.bound(k)).isEqualTo(expected);
            assertThat(backoff.delay(k, 0.25)).isEqualTo(expected / 4);
            total += k < 8 ? expected : 0;
        }
        assertThat(Duration.ofNanos(total)).isEqualTo(Duration.ofMillis(91_500));
    }

    @Test
    void close_codes_decide() {
        assertThat(afterClose(1012).lastChange().to()).isEqualTo(ConnectionState.WAITING);
        assertThat(afterClose(1012).lastChange().retryIn()).isEqualTo(Duration.ofSeconds(5));
        assertThat(afterClose(1006).lastChange().retryIn()).isEqualTo(Duration.ofMillis(250));
        for (int code :
                new int[] {1002, 1003, 1008, 1009, 1011, 3500, 3999, 4004, 4400, 4401, 4406, 4409, 4429, 4500}) {
            StateChange last = afterClose(code).lastChange();
            assertThat(last.to()).as("code %d", code).isEqualTo(ConnectionState.FAILED);
            assertThat(last.code()).isEqualTo(code);
        }
        for (int code : new int[] {1000, 1001, 1005, 1006, 1012, 1013, 1014, 3000, 3499, 4000, 4403, 4999}) {
            assertThat(afterClose(code).lastChange().to()).as("code %d", code).isEqualTo(ConnectionState.WAITING);
        }
    }

    private static Rig afterClose(int code) {
        Rig rig = new Rig();
        rig.openNow().close(code);
        rig.loop.run();
        return rig;
    }

    @Test
    void the_table_of_close_codes_can_be_changed() {
        CloseCodes codes = CloseCodes.standard().with(1011, 1011, CloseCodes.Action.RECONNECT);
        assertThat(codes.action(1011)).isEqualTo(CloseCodes.Action.RECONNECT);
        assertThat(codes.action(1010)).isEqualTo(CloseCodes.Action.STOP);
        assertThat(CloseCodes.standard().action(1011)).isEqualTo(CloseCodes.Action.STOP);
        Rig rig = Rig.withSettings(settings -> settings.closeCodes(codes));
        rig.openNow().close(1011);
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
    }

    @Test
    void retry_after_is_waited_for_in_seconds_or_as_a_date() {
        assertThat(afterRefusal(429, "retry-after", "7").retryIn()).isEqualTo(Duration.ofMillis(7_250));
        assertThat(afterRefusal(503, "Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT")
                        .retryIn())
                .isEqualTo(Duration.ofMillis(60_250));
        assertThat(afterRefusal(503, "Retry-After", "99999999999").retryIn())
                .isEqualTo(Duration.ofHours(1).plusMillis(250));
        assertThat(afterRefusal(503, "Retry-After", "soon").retryIn()).isEqualTo(Duration.ofMillis(250));
        assertThat(afterRefusal(502, "Retry-After", "-5").retryIn()).isEqualTo(Duration.ofMillis(250));
    }

    private static StateChange afterRefusal(int status, String... header) {
        Rig rig = new Rig();
        rig.server.last().refuse(status, header);
        rig.loop.run();
        return rig.lastChange();
    }

    @Test
    void a_refused_handshake_ends_it_unless_another_try_makes_sense() {
        for (int status : new int[] {301, 400, 401, 403, 404, 405, 407, 410, 426}) {
            assertThat(afterRefusal(status).to()).as("status %d", status).isEqualTo(ConnectionState.FAILED);
        }
        for (int status : new int[] {200, 408, 425, 429, 500, 502, 503, 504}) {
            assertThat(afterRefusal(status).to()).as("status %d", status).isEqualTo(ConnectionState.WAITING);
        }
    }

    @Test
    void advice_of_the_protocol_to_come_back_later_is_obeyed() {
        Rig rig = new Rig();
        rig.openNow();
        rig.say("move 3500");
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.ADVISED);
        assertThat(rig.lastChange().retryIn()).isEqualTo(Duration.ofMillis(4_250));
    }
}
