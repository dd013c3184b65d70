package dev.tentpole.benchmarks.streaming;

import dev.tentpole.benchmarks.Simulation;
import dev.tentpole.streaming.faults.Fault;
import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.Peer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * What a misbehaving server does to Tentpole's connection, to OkHttp's WebSocket and to nv-websocket-client: each fault,
 * over real sockets, and what the client has told its user after at most four seconds. A second after it has told something
 * nobody waits any longer, but for Tentpole's to come back.
 *
 * <p>Reconnecting is for the user of the peers to do; they are not blamed for not coming back. Options: none.
 */
public final class WebSocketFaults implements Simulation {

    private static final long LONGEST_NANOS = 4_000_000_000L;
    private static final long PAUSE_NANOS = 5_000_000L;
    private static final long LOOK_LONGER_NANOS = 1_000_000_000L;
    private static final int LARGE = 1 << 20;

    private static final Map<String, Supplier<Suffering>> CLIENTS = new LinkedHashMap<>();

    static {
        CLIENTS.put("Tentpole", SufferingTentpole::new);
        CLIENTS.put("OkHttp 5.5.1", SufferingOkHttp::new);
        CLIENTS.put("nv-websocket 2.14", SufferingNv::new);
    }

    /** Makes the simulation. */
    public WebSocketFaults() {}

    @Override
    public String name() {
        return "websocket-faults";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("options = " + options + ", there are none");
        }
        // The first connection of a JVM takes seconds, which would look like a fault of the client.
        CLIENTS.values().forEach(client -> suffer(Fault.RESET, client.get()));
        out.println("| fault | " + String.join(" | ", CLIENTS.keySet()) + " |");
        out.println("|---|" + "---|".repeat(CLIENTS.size()));
        for (Fault fault : Fault.values()) {
            List<String> cells = new ArrayList<>();
            cells.add(fault.title());
            for (Supplier<Suffering> client : CLIENTS.values()) {
                cells.add(suffer(fault, client.get()));
            }
            out.println("| " + String.join(" | ", cells) + " |");
            out.flush();
        }
    }

    private static String suffer(Fault fault, Suffering client) {
        try (FaultServer server = fault.start();
                client) {
            client.blocks = fault == Fault.BLOCKED_CONSUMER;
            long begun = System.nanoTime();
            client.connect(server.uri());
            boolean sent = false;
            long toldAt = 0;
            while (System.nanoTime() - begun < LONGEST_NANOS
                    && !client.isWell()
                    && client.largest() < LARGE
                    && (client.comesBack() || toldAt == 0 || System.nanoTime() - toldAt < LOOK_LONGER_NANOS)) {
                if (fault == Fault.NOT_READING && !sent && isSubscribed(server)) {
                    client.sendMuch();
                    sent = true;
                }
                if (toldAt == 0 && client.told() != null) {
                    toldAt = System.nanoTime();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return describe(client, server, toldAt == 0 ? 0 : toldAt - begun);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSubscribed(FaultServer server) {
        return !server.peers().isEmpty() && !server.peers().get(0).texts().isEmpty();
    }

    private static String describe(Suffering client, FaultServer server, long toldAfterNanos) {
        StringBuilder told = new StringBuilder();
        if (client.largest() >= LARGE) {
            told.append("delivers ").append(client.largest() >> 20).append(" MiB");
        } else if (client.told() == null) {
            told.append("tells nothing").append(client.saysOpen() ? ", says it is open" : "");
        } else {
            told.append(client.told()).append(String.format(Locale.ROOT, " after %.1f s", toldAfterNanos / 1e9));
        }
        if (!server.peers().isEmpty()) {
            Peer first = server.peers().get(0);
            if (first.pongs() > 0) {
                told.append(", ").append(first.pongs()).append(" pongs");
            }
            if (first.closeCode() != 0) {
                told.append(", closes ").append(first.closeCode());
            }
        }
        return told.append(client.isWell() ? ", comes back" : "").toString();
    }
}
