package dev.tentpole.streaming.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A WebSocket server that misbehaves as a script tells it to: a bare socket on the loopback interface and an ephemeral
 * port, with a thread for each connection. Closing it ends all sockets and threads.
 */
public final class FaultServer implements AutoCloseable {

    private static final long END_MILLIS = 5_000;

    private final ServerSocket socket;
    private final Script script;
    private final Thread acceptor;
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** What to do with a connection. */
    @FunctionalInterface
    public interface Script {

        /**
         * Serves one connection; the socket is closed afterwards.
         *
         * @param peer the connection; {@link Peer#number} counts from 1
         * @throws IOException if the client has gone, which is no failure
         */
        void serve(Peer peer) throws IOException;
    }

    private FaultServer(ServerSocket socket, Script script) {
        this.socket = socket;
        this.script = script;
        this.acceptor = new Thread(this::accept, "fault-server");
        acceptor.setDaemon(true);
    }

    /** Starts a server. */
    public static FaultServer start(Script script) throws IOException {
        FaultServer server = new FaultServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
        server.acceptor.start();
        return server;
    }

    /** Its address. */
    public URI uri() {
        return URI.create("ws://127.0.0.1:" + socket.getLocalPort() + "/");
    }

    /** All connections so far, the first one first. */
    public List<Peer> peers() {
        return peers;
    }

    /** What went wrong in scripts, other than input and output. */
    public List<Throwable> failures() {
        return failures;
    }

    private void accept() {
        while (!closed) {
            try {
                Socket accepted = socket.accept();
                Peer peer = new Peer(peers.size() + 1, accepted);
                peers.add(peer);
                Thread thread = new Thread(() -> serve(peer), "fault-server-peer-" + peer.number());
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
                if (closed) {
                    peer.end();
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Peer peer) {
        try {
            script.serve(peer);
        } catch (IOException e) {
            peer.gone();
        } catch (RuntimeException | Error e) {
            failures.add(e);
        } finally {
            peer.end();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
        peers.forEach(Peer::end);
        try {
            acceptor.join(END_MILLIS);
            for (Thread thread : threads) {
                thread.interrupt();
                thread.join(END_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
