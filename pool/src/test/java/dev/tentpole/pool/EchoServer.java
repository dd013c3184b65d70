package dev.tentpole.pool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says back what it is told, on 127.0.0.1, and hangs up on whom it is told to. */
final class EchoServer implements AutoCloseable {

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ServerSocket listener;

    EchoServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "echo server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> echo(socket));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            int said = socket.getInputStream().read();
            while (said >= 0) {
                socket.getOutputStream().write(said);
                said = socket.getInputStream().read();
            }
        } catch (IOException e) {
            // It was hung up on.
        } finally {
            sockets.remove(socket);
        }
    }

    Socket connect() throws IOException {
        return new Socket(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Whether the other side is there. */
    static boolean answers(Socket socket) {
        try {
            socket.getOutputStream().write(1);
            return socket.getInputStream().read() == 1;
        } catch (IOException e) {
            return false;
        }
    }

    /** Hangs up on one of those that are connected. */
    void hangUpOnOne(Random random) throws IOException {
        List<Socket> all = new ArrayList<>(sockets);
        if (!all.isEmpty()) {
            all.get(random.nextInt(all.size())).close();
        }
    }

    int connected() {
        return sockets.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
