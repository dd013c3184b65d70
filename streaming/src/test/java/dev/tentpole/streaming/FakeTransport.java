package dev.tentpole.streaming;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A server in memory: every attempt to connect is a {@link Peer} that the test makes do what servers do. */
final class FakeTransport implements Transport {

    final List<Peer> peers = new ArrayList<>();

    /** What a server does by itself with an attempt, or with what it is sent. */
    BiConsumer<Peer, String> onSent = (peer, text) -> {};

    Consumer<Peer> onConnect = peer -> {};

    @Override
    public Link connect(Request request, Receiver receiver) {
        Peer peer = new Peer(peers.size() + 1, request, receiver);
        peers.add(peer);
        onConnect.accept(peer);
        return peer;
    }

    Peer last() {
        return peers.get(peers.size() - 1);
    }

    /** One attempt, seen from the server. */
    final class Peer implements Link {

        final int number;
        final Request request;
        final List<String> sent = new ArrayList<>();
        final Receiver receiver;
        int pings;
        long demand;
        boolean answersPings = true;
        boolean failsPings;
        boolean failsAborts;
        boolean holdsWrites;
        boolean open;
        boolean aborted;
        int closeCode;
        CompletableFuture<Void> heldWrite = new CompletableFuture<>();

        Peer(int number, Request request, Receiver receiver) {
            this.number = number;
            this.request = request;
            this.receiver = receiver;
        }

        void open() {
            open = true;
            receiver.onOpen();
        }

        void refuse(int status, String... headers) {
            Map<String, List<String>> all = headers.length == 0 ? Map.of() : Map.of(headers[0], List.of(headers[1]));
            receiver.onRefused(status, all);
        }

        void say(String text) {
            receiver.onText(text, true);
        }

        void drop() {
            open = false;
            receiver.onError(ConnectionReason.CONNECTION_LOST, new IOException("reset"));
        }

        void close(int code) {
            open = false;
            receiver.onClose(code);
        }

        @Override
        public CompletionStage<?> send(WireMessage message) {
            sent.add(message.text());
            onSent.accept(this, message.text());
            if (holdsWrites) {
                heldWrite = new CompletableFuture<>();
                return heldWrite;
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> ping() {
            pings++;
            if (failsPings) {
                throw Sneaky.raise(new IOException("no ping today"));
            }
            if (answersPings) {
                receiver.onControl();
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> close(int code, String reason) {
            closeCode = code;
            return holdsWrites ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
        }

        @Override
        public void request(long calls) {
            demand += calls;
        }

        @Override
        public void abort() {
            aborted = true;
            open = false;
            if (failsAborts) {
                throw Sneaky.raise(new IOException("no end today"));
            }
        }
    }
}
