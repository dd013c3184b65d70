package dev.tentpole.pool.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A way to a server of this machine that fails as it is told: a port of 127.0.0.1 that passes everything on, or not. */
public final class FaultProxy implements AutoCloseable {

    /** What happens to whoever comes this way. */
    public enum Fault {
        /** Nothing: all is passed on. */
        NONE,
        /** Nothing is passed on, in neither direction; connections stay open, and what was sent arrives afterwards. */
        BLACK_HOLE,
        /** Connections are closed, and new ones are refused. */
        REFUSES,
        /** Connections are closed; new ones are accepted, and nothing is ever said. They are closed afterwards. */
        HANGS
    }

    private static final int BUFFER_BYTES = 16 * 1024;

    private final int target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Fault fault = Fault.NONE;
    private volatile boolean closed;
    private volatile ServerSocket listener;

    /**
     * Listens on a free port.
     *
     * @param target the port of 127.0.0.1 that it leads to
     * @throws IOException if there is no port
     */
    public FaultProxy(int target) throws IOException {
        this.target = target;
        listener = listen(0);
        port = listener.getLocalPort();
    }

    /**
     * {@return where it listens, on 127.0.0.1}
     */
    public int port() {
        return port;
    }

    /**
     * Fails like that from now on.
     *
     * @param next how
     * @throws IOException if it can't listen again
     */
    public void set(Fault next) throws IOException {
        Fault before = fault;
        fault = next;
        if (next == Fault.REFUSES) {
            listener.close();
        }
        if (next == Fault.REFUSES || next == Fault.HANGS || before == Fault.HANGS) {
            closeSockets();
        }
        if (before == Fault.REFUSES && next != Fault.REFUSES) {
            listener = listen(port);
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        set(Fault.NONE);
        listener.close();
        closeSockets();
    }

    private void closeSockets() throws IOException {
        for (Socket socket : List.copyOf(sockets)) {
            socket.close();
            sockets.remove(socket);
        }
    }

    private ServerSocket listen(int wanted) throws IOException {
        ServerSocket made = new ServerSocket();
        made.setReuseAddress(true);
        made.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 1_000);
        start(() -> accept(made));
        return made;
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket client = from.accept();
                sockets.add(client);
                // After the adding, so that one of this and set sees the other.
                if (fault == Fault.REFUSES || closed) {
                    client.close();
                } else if (fault != Fault.HANGS) {
                    connect(client);
                }
            } catch (IOException e) {
                if (!from.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start(() -> pass(client, server));
            start(() -> pass(server, client));
        } catch (IOException e) {
            client.close();
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            int count;
            while ((count = from.getInputStream().read(buffer)) >= 0) {
                awaitPassage();
                to.getOutputStream().write(buffer, 0, count);
            }
            awaitPassage();
        } catch (IOException e) {
            // One side is gone, and the other one follows.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** What is sent into a black hole, an end of stream included, arrives when the hole is gone. */
    private void awaitPassage() {
        lock.lock();
        try {
            while (fault == Fault.BLACK_HOLE) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void start(Runnable action) {
        Thread thread = new Thread(action, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
