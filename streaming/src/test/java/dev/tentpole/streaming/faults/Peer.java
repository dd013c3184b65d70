package dev.tentpole.streaming.faults;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection of a {@link FaultServer}: a handshake, frames as the RFC has them or not, and what the client sent. */
public final class Peer {

    /** Opcodes of RFC 6455, section 5.2, and the bit that ends a message. */
    public static final int CONTINUATION = 0;

    /** A text frame. */
    public static final int TEXT = 1;

    /** A close frame. */
    public static final int CLOSE = 8;

    /** A ping frame. */
    public static final int PING = 9;

    /** A pong frame. */
    public static final int PONG = 10;

    /** The bit that ends a message. */
    public static final int FIN = 0x80;

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final int number;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicInteger pongs = new AtomicInteger();
    private volatile int closeCode;
    private volatile boolean gone;

    /** A frame that the client sent. */
    public static final class Frame {

        private final int opcode;
        private final byte[] payload;

        Frame(int opcode, byte[] payload) {
            this.opcode = opcode;
            this.payload = payload;
        }

        /** Its opcode. */
        public int opcode() {
            return opcode;
        }

        /** The payload as text. */
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    Peer(int number, Socket socket) throws IOException {
        this.number = number;
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Which connection of the server it is, from 1. */
    public int number() {
        return number;
    }

    /** Reads the client's request; afterwards its headers are known. */
    public Peer readRequest() throws IOException {
        line();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return this;
    }

    /** A header of the client's request, or an empty text. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Reads the request and upgrades. */
    public Peer accept() throws IOException {
        readRequest();
        return answer(
                "101 Switching Protocols",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: " + accepted());
    }

    /** What a server answers to the client's key. */
    public String accepted() {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((header("Sec-WebSocket-Key") + MAGIC).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes an answer without a body. */
    public Peer answer(String status, String... lines) throws IOException {
        StringBuilder answer = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        for (String line : lines) {
            answer.append(line).append("\r\n");
        }
        return raw(answer.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads the request and refuses it. */
    public void refuse(String status, String... lines) throws IOException {
        readRequest();
        String[] all = Arrays.copyOf(lines, lines.length + 1);
        all[lines.length] = "Content-Length: 0";
        answer(status, all);
    }

    /** Writes bytes as they are. */
    public Peer raw(byte[] bytes) throws IOException {
        synchronized (out) {
            out.write(bytes);
            out.flush();
        }
        return this;
    }

    /** Writes a frame without a mask, as servers do; the first byte has opcode and bits. */
    public Peer frame(int firstByte, byte[] payload) throws IOException {
        return raw(encode(firstByte, payload));
    }

    /** A frame as bytes. */
    public static byte[] encode(int firstByte, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10);
        frame.put((byte) firstByte);
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 65_536) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** Writes a text message in one frame. */
    public Peer text(String text) throws IOException {
        return frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a ping. */
    public Peer ping() throws IOException {
        return frame(FIN | PING, new byte[0]);
    }

    /** Writes a close frame with a code, or without one if it is 1005. */
    public Peer close(int code) throws IOException {
        return frame(FIN | CLOSE, code == 1005 ? new byte[0] : new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** Ends the connection with a reset instead of an orderly end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Reads the next frame; answers pings and closes, as a good server does, and counts them. */
    public Frame read() throws IOException {
        Frame frame = readQuietly();
        if (frame.opcode() == PING) {
            frame(FIN | PONG, frame.payload);
        } else if (frame.opcode() == CLOSE) {
            frame(FIN | CLOSE, frame.payload);
        }
        return frame;
    }

    /** Reads the next frame and answers nothing. */
    public Frame readQuietly() throws IOException {
        int opcode = octet() & 0x0f;
        int second = octet();
        long length = second & 0x7f;
        if (length == 126) {
            int high = octet();
            length = (long) high << 8 | octet();
        } else if (length == 127) {
            length = 0;
            for (int i = 0; i < 8; i++) {
                length = (length << 8) + octet();
            }
        }
        byte[] mask = in.readNBytes((second & 0x80) != 0 ? 4 : 0);
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new EOFException();
        }
        for (int i = 0; i < payload.length && mask.length == 4; i++) {
            payload[i] ^= mask[i & 3];
        }
        Frame frame = new Frame(opcode, payload);
        note(frame);
        return frame;
    }

    private void note(Frame frame) {
        switch (frame.opcode()) {
            case TEXT -> texts.add(frame.text());
            case PING -> pings.incrementAndGet();
            case PONG -> pongs.incrementAndGet();
            case CLOSE ->
                closeCode =
                        frame.payload.length < 2 ? 1005 : ((frame.payload[0] & 0xff) << 8) + (frame.payload[1] & 0xff);
            default -> {}
        }
    }

    /** Reads and answers until the client closes or goes. */
    public void serve() throws IOException {
        while (read().opcode() != CLOSE) {
            // What is read is noted.
        }
    }

    /** Acknowledges subscriptions in the way of {@link LineProtocol} and does all else that a good server does. */
    public void serveLines() throws IOException {
        for (Frame frame = read(); frame.opcode() != CLOSE; frame = read()) {
            if (isSubscription(frame)) {
                text("ack " + channel(frame));
            }
        }
    }

    /** Waits for the text with which a client subscribes; returns the channel. */
    public String awaitSubscription() throws IOException {
        for (Frame frame = read(); frame.opcode() != CLOSE; frame = read()) {
            if (isSubscription(frame)) {
                return channel(frame);
            }
        }
        throw new EOFException();
    }

    private static boolean isSubscription(Frame frame) {
        return frame.opcode() == TEXT && frame.text().startsWith("sub ");
    }

    private static String channel(Frame frame) {
        String rest = frame.text().substring(4);
        return rest.contains(" ") ? rest.substring(0, rest.indexOf(' ')) : rest;
    }

    /** Does nothing at all, until the server ends: no reading, no writing, no end. */
    public void stall() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits, but not longer than until the server ends; returns whether it goes on. */
    public boolean pause(long millis) {
        try {
            return !ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The texts that the client sent. */
    public List<String> texts() {
        return texts;
    }

    /** How many pings the client sent. */
    public int pings() {
        return pings.get();
    }

    /** How many pongs the client sent. */
    public int pongs() {
        return pongs.get();
    }

    /** The code with which the client closed; 0 if it did not. */
    public int closeCode() {
        return closeCode;
    }

    /** Whether the client ended the connection. */
    public boolean isGone() {
        return gone;
    }

    /** Reads until the client's end; answers pings and nothing else. */
    public void readToEnd() {
        try {
            while (true) {
                Frame frame = readQuietly();
                if (frame.opcode() == PING) {
                    frame(FIN | PONG, frame.payload);
                }
            }
        } catch (IOException e) {
            gone = true;
        }
    }

    /** Goes on to read and to answer pings, on another thread, until the client's end. */
    public void readMeanwhile() {
        Thread reader = new Thread(this::readToEnd, "fault-server-reader-" + number);
        reader.setDaemon(true);
        reader.start();
    }

    void gone() {
        gone = true;
    }

    void end() {
        ended.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            gone = true;
        }
    }

    private int octet() throws IOException {
        int read = in.read();
        if (read < 0) {
            throw new EOFException();
        }
        return read;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = octet(); c != '\n'; c = octet()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "Peer[" + number + ", " + texts.size() + " texts, " + pings + " pings, " + pongs + " pongs, close "
                + closeCode + "]";
    }
}
