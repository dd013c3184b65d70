package dev.tentpole.streaming.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * What a server can do to a client. The first connection suffers the fault, all others are served well, so that a client
 * that comes back can be told from one that does not.
 */
public enum Fault {
    /** Acknowledges, then neither reads nor writes nor ends. */
    HALF_OPEN("half open: no reading, no writing, no end", peer -> {
        acknowledge(peer);
        peer.stall();
    }),
    /** Ends with a reset. */
    RESET("reset (RST)", peer -> {
        acknowledge(peer);
        peer.reset();
    }),
    /** Ends with a reset when half a frame is sent. */
    BROKEN_FRAME("reset in the middle of a frame", peer -> {
        acknowledge(peer);
        peer.raw(new byte[] {(byte) 0x81, 100, 'x', 'y'});
        peer.pause(50);
        peer.reset();
    }),
    /** Ends without a close frame. */
    END_OF_STREAM("end of the stream without a close frame", Fault::acknowledge),
    /** Never answers the handshake. */
    NO_UPGRADE("handshake never answered", peer -> {
        peer.readRequest();
        peer.stall();
    }),
    /** Answers the handshake with 401. */
    STATUS_401("handshake answered 401", peer -> peer.refuse("401 Unauthorized")),
    /** Answers the handshake with 403. */
    STATUS_403("handshake answered 403", peer -> peer.refuse("403 Forbidden")),
    /** Answers the handshake with 429 and when to come back. */
    STATUS_429(
            "handshake answered 429, Retry-After: 1", peer -> peer.refuse("429 Too Many Requests", "Retry-After: 1")),
    /** Answers the handshake with 503 and when to come back. */
    STATUS_503(
            "handshake answered 503, Retry-After: 1", peer -> peer.refuse("503 Service Unavailable", "Retry-After: 1")),
    /** Sends the client to the same server again. */
    REDIRECT("handshake answered 302, to the same server", peer -> {
        peer.readRequest();
        peer.answer("302 Found", "Location: http://" + peer.header("Host") + "/", "Content-Length: 0");
    }),
    /** Answers the handshake with header lines that never end. */
    ENDLESS_HEADERS("handshake answered with headers without end", peer -> {
        peer.readRequest();
        peer.raw(ascii("HTTP/1.1 101 Switching Protocols\r\n"));
        byte[] lines = ascii("X-More: of the same\r\n".repeat(1_000));
        while (peer.pause(1)) {
            peer.raw(lines);
        }
    }),
    /** Answers the handshake one byte at a time. */
    DRIPPED_HANDSHAKE("handshake answered one byte every 50 ms", peer -> {
        peer.readRequest();
        for (byte one : ascii("HTTP/1.1 101 Switching Protocols\r\nX-Long: " + "x".repeat(1_000))) {
            if (peer.pause(50)) {
                peer.raw(new byte[] {one});
            }
        }
    }),
    /** Answers the handshake with the wrong hash. */
    WRONG_ACCEPT("handshake answered with a wrong key", peer -> {
        peer.readRequest();
        peer.answer(
                "101 Switching Protocols",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        peer.readToEnd();
    }),
    /** Sends a message of 2,000 bytes, one byte every 50 ms, in a fragment each, so that pings can be answered. */
    DRIP("a message at one byte every 50 ms", peer -> {
        acknowledge(peer);
        peer.readMeanwhile();
        peer.frame(Peer.TEXT, new byte[] {'x'});
        for (int i = 0; i < 2_000 && peer.pause(50); i++) {
            peer.frame(Peer.CONTINUATION, new byte[] {'x'});
        }
        peer.stall();
    }),
    /** Sends 100,000 pings as fast as it can. */
    PING_FLOOD("100,000 pings at once", peer -> {
        acknowledge(peer);
        peer.readMeanwhile();
        byte[] pings = repeat(Peer.encode(Peer.FIN | Peer.PING, new byte[0]), 1_000);
        for (int i = 0; i < 100; i++) {
            peer.raw(pings);
        }
        peer.stall();
    }),
    /** Sends a message in a million fragments of one byte. */
    TINY_FRAGMENTS("a message in 1,000,000 fragments of 1 byte", peer -> {
        acknowledge(peer);
        peer.readMeanwhile();
        peer.frame(Peer.TEXT, new byte[] {'x'});
        byte[] fragments = repeat(Peer.encode(Peer.CONTINUATION, new byte[] {'x'}), 1_000);
        for (int i = 0; i < 1_000; i++) {
            peer.raw(fragments);
        }
        peer.frame(Peer.FIN | Peer.CONTINUATION, new byte[0]);
        peer.stall();
    }),
    /** Begins a message and sends empty fragments of it for ever. */
    EMPTY_FRAGMENTS("a message in empty fragments without end", peer -> {
        acknowledge(peer);
        peer.readMeanwhile();
        peer.frame(Peer.TEXT, new byte[] {'x'});
        byte[] empty = repeat(Peer.encode(Peer.CONTINUATION, new byte[0]), 1_000);
        while (peer.pause(1)) {
            peer.raw(empty);
        }
    }),
    /** Announces a frame of 2^62 bytes and sends nothing of it. */
    GIANT_HEADER("header of a frame of 2^62 bytes, no body", peer -> {
        acknowledge(peer);
        peer.raw(giantHeader());
        peer.stall();
    }),
    /** Announces a frame of 2^62 bytes and sends 64 MiB of it. */
    GIANT_BODY("a frame of 2^62 bytes, 64 MiB of it sent", peer -> {
        acknowledge(peer);
        peer.raw(giantHeader());
        byte[] body = new byte[1 << 16];
        Arrays.fill(body, (byte) 'x');
        for (int i = 0; i < 1_024; i++) {
            peer.raw(body);
        }
        peer.readToEnd();
    }),
    /** Sends text that is not UTF-8. */
    BAD_UTF8("text that is not UTF-8", peer -> {
        acknowledge(peer);
        peer.frame(Peer.FIN | Peer.TEXT, new byte[] {'a', (byte) 0xc3, 0x28});
        peer.readToEnd();
    }),
    /** Masks a frame, which only clients may. */
    MASKED("a masked frame", peer -> {
        acknowledge(peer);
        peer.raw(new byte[] {(byte) 0x81, (byte) 0x81, 1, 2, 3, 4, 'x' ^ 1});
        peer.readToEnd();
    }),
    /** Sets a reserved bit. */
    RESERVED_BITS("a reserved bit set", peer -> {
        acknowledge(peer);
        peer.frame(Peer.FIN | 0x40 | Peer.TEXT, new byte[] {'x'});
        peer.readToEnd();
    }),
    /** Continues a message that has not begun. */
    STRAY_CONTINUATION("a continuation without a beginning", peer -> {
        acknowledge(peer);
        peer.frame(Peer.FIN | Peer.CONTINUATION, new byte[] {'x'});
        peer.readToEnd();
    }),
    /** Says that it compresses, and sends 64 MiB in 64 KiB, to whoever offered; to others as well. */
    COMPRESSION_BOMB("64 MiB compressed to 64 KiB", peer -> {
        peer.readRequest();
        peer.answer(
                "101 Switching Protocols",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: " + peer.accepted(),
                "Sec-WebSocket-Extensions: permessage-deflate");
        peer.frame(Peer.FIN | 0x40 | Peer.TEXT, bomb());
        peer.readToEnd();
    }),
    /** Never acknowledges a subscription. */
    ACK_LOST("subscription never acknowledged", peer -> {
        peer.accept();
        peer.serve();
    }),
    /** Reads nothing, but pings, so that it seems to live. */
    NOT_READING("server pings but does not read; client sends 8 MiB", peer -> {
        acknowledge(peer);
        while (peer.pause(50)) {
            peer.ping();
        }
    }),
    /** Sends a message, and a ping every 100 ms for two seconds; answers pings, too. */
    BLOCKED_CONSUMER("consumer blocks for 2 s; server pings and wants answers", peer -> {
        acknowledge(peer);
        peer.readMeanwhile();
        peer.text("data c e 1 slow");
        for (int i = 0; i < 20 && peer.pause(100); i++) {
            peer.ping();
        }
        peer.pause(200);
        peer.close(1000);
        peer.stall();
    }),
    /** Closes without a code. */
    CLOSE_1005("close without a code", peer -> {
        acknowledge(peer);
        peer.close(1005);
        peer.readToEnd();
    }),
    /** Closes with a code that must not be on the wire. */
    CLOSE_1006("close 1006, which no server may send", peer -> {
        acknowledge(peer);
        peer.close(1006);
        peer.readToEnd();
    }),
    /** Closes with 1008. */
    CLOSE_1008("close 1008 (policy)", peer -> {
        acknowledge(peer);
        peer.close(1008);
        peer.readToEnd();
    }),
    /** Closes with 1012. */
    CLOSE_1012("close 1012 (service restart)", peer -> {
        acknowledge(peer);
        peer.close(1012);
        peer.readToEnd();
    }),
    /** Closes with 4400. */
    CLOSE_4400("close 4400 (bad request)", peer -> {
        acknowledge(peer);
        peer.close(4400);
        peer.readToEnd();
    });

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // scripts keep nothing
    private final FaultServer.Script script;

    Fault(String title, FaultServer.Script script) {
        this.title = title;
        this.script = script;
    }

    /** What the server does, in a few words. */
    public String title() {
        return title;
    }

    /** Starts a server with this fault on its first connection. */
    public FaultServer start() throws IOException {
        return FaultServer.start(peer -> {
            if (peer.number() == 1) {
                script.serve(peer);
            } else {
                serveWell(peer);
            }
        });
    }

    /** Acknowledges subscriptions, and sends a message of channel {@code c} after that. */
    public static void serveWell(Peer peer) throws IOException {
        peer.accept();
        String channel = peer.awaitSubscription();
        peer.text("ack " + channel);
        peer.text("data " + channel + " e 2 well");
        peer.serveLines();
    }

    private static void acknowledge(Peer peer) throws IOException {
        peer.accept();
        peer.text("ack " + peer.awaitSubscription());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] giantHeader() {
        return ByteBuffer.allocate(10)
                .put((byte) 0x81)
                .put((byte) 127)
                .putLong(1L << 62)
                .array();
    }

    private static byte[] repeat(byte[] bytes, int times) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length * times);
        for (int i = 0; i < times; i++) {
            all.put(bytes);
        }
        return all.array();
    }

    private static byte[] bomb() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            byte[] part = new byte[1 << 20];
            Arrays.fill(part, (byte) 'x');
            byte[] buffer = new byte[1 << 16];
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < 64; i++) {
                deflater.setInput(part);
                while (!deflater.needsInput()) {
                    out.write(buffer, 0, deflater.deflate(buffer));
                }
            }
            int read;
            do {
                read = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                out.write(buffer, 0, read);
            } while (read == buffer.length);
            byte[] all = out.toByteArray();
            return Arrays.copyOf(all, all.length - 4);
        } finally {
            deflater.end();
        }
    }
}
