package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What isn't idempotent is done twice only when it is certain that nothing was done; failures keep what belongs to them. */
@Timeout(60)
final class CertaintyTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final Operation CHECKOUT = Operation.of("checkout");

    private final FakeTime time = new FakeTime();
    private final Retryer.Builder builder = Retryer.builder()
            .withoutBudget()
            .defaultPolicy(Policy.builder().backoff(Backoff.none()).build());

    @Test
    void a_refusal_inside_of_an_operation_does_not_undo_what_the_operation_did_before() {
        CircuitBreaker breaker = CircuitBreaker.builder("stock").build(time);
        breaker.forceOpen();
        Resilience stock = Resilience.builder("stock").breaker(breaker).build(time, false);
        Retryer outer = builder.build(time, false);
        int[] charged = new int[1];
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> outer.call(CHECKOUT, () -> {
                    charged[0]++;
                    return stock.call(Operation.of("reserve"), () -> 1);
                }));
        assertThat(charged[0]).isEqualTo(1);
        Script submits = new Script(new RejectedExecutionException());
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> outer.call(CHECKOUT, submits));
        assertThat(submits.calls()).isEqualTo(1);
    }

    @Test
    void a_connection_that_is_refused_after_the_order_was_placed_is_no_reason_to_place_it_again() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicInteger orders = new AtomicInteger();
            Thread serving = new Thread(() -> serveTwoAndGoDown(server, orders));
            serving.start();
            URL url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/orders")
                    .toURL();
            assertThat(url.openStream().readAllBytes()).asString().isEqualTo("ok");
            Retryer retryer = builder.build(time, false);
            assertThatThrownBy(() -> retryer.call(CHECKOUT, () -> post(url)))
                    .as("HttpURLConnection sends again by itself")
                    .isInstanceOf(ConnectException.class);
            serving.join();
            assertThat(orders).hasValue(1);
            assertThat(retryer.engine().state(CHECKOUT).retries()).isZero();
        }
    }

    private static byte[] post(URL url) throws IOException {
        HttpURLConnection post = (HttpURLConnection) url.openConnection();
        post.setDoOutput(true);
        post.getOutputStream().write('1');
        return post.getInputStream().readAllBytes();
    }

    /** The second one gets no answer on its connection, which was kept. */
    private static void serveTwoAndGoDown(ServerSocket server, AtomicInteger orders) {
        try (Socket socket = server.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            readHead(in);
            byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(answer);
            readHead(in);
            in.read();
            orders.incrementAndGet();
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_redirect_after_the_order_was_placed_to_where_nobody_listens_is_no_reason_to_place_it_again()
            throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicInteger orders = new AtomicInteger();
            Thread serving = new Thread(() -> serveAndGoDown(
                    server,
                    orders,
                    "303 See Other\r\nLocation: http://127.0.0.1:" + server.getLocalPort() + "/receipt"));
            serving.start();
            URL url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/orders")
                    .toURL();
            Retryer retryer = builder.build(time, false);
            assertThatThrownBy(() -> retryer.call(CHECKOUT, () -> post(url)))
                    .as("HttpURLConnection follows redirects by itself")
                    .isInstanceOf(ConnectException.class);
            serving.join();
            assertThat(orders).hasValue(1);
            assertThat(retryer.engine().state(CHECKOUT).retries()).isZero();
        }
    }

    @Test
    void what_throttles_the_receipt_says_nothing_of_the_order() throws Exception {
        AtomicInteger orders = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/orders", exchange -> {
            orders.incrementAndGet();
            exchange.getResponseHeaders().add("Location", "/receipt");
            exchange.sendResponseHeaders(303, -1);
            exchange.close();
        });
        server.createContext("/receipt", exchange -> {
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });
        server.start();
        try {
            HttpClient client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
            HttpRequest post = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/orders"))
                    .POST(HttpRequest.BodyPublishers.ofString("1"))
                    .build();
            Retryer retryer = builder.defaultPolicy(Policy.builder()
                            .backoff(Backoff.none())
                            .classifier(Classifiers.httpResponses(InstantSource.system()))
                            .build())
                    .build(time, false);
            HttpResponse<String> answer =
                    retryer.call(CHECKOUT, () -> client.send(post, HttpResponse.BodyHandlers.ofString()));
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(orders).hasValue(1);
        } finally {
            server.stop(0);
        }
    }

    /** The first one is answered with that status and headers, and nobody else at all. */
    private static void serveAndGoDown(ServerSocket server, AtomicInteger orders, String answer) {
        try (Socket socket = server.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            readHead(in);
            in.read();
            orders.incrementAndGet();
            server.close();
            socket.getOutputStream()
                    .write(("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readHead(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            assertThat(line).isNotBlank();
        }
    }

    @Test
    void an_executor_that_refuses_the_call_itself_has_done_nothing() {
        boolean[] refuse = {true};
        Retryer retryer = builder.defaultPolicy(Policy.builder()
                        .backoff(Backoff.fixed(Duration.ofMillis(1)))
                        .build())
                .executor(task -> {
                    if (refuse[0]) {
                        refuse[0] = false;
                        throw new RejectedExecutionException();
                    }
                    task.run();
                })
                .build(time, false);
        CompletableFuture<Integer> future = retryer.callAsync(CHECKOUT, () -> 1);
        time.pass(Duration.ofMillis(1));
        assertThat(future).isCompletedWithValue(1);
    }

    @Test
    void an_exception_that_is_thrown_by_many_calls_does_not_grow_without_end() {
        Retryer retryer = builder.build(time, false);
        IOException memoised = new IOException("the same");
        for (int i = 0; i < 1_000; i++) {
            catchThrowable(() -> retryer.call(READ, new Script(new IOException("1"), new IOException("2"), memoised)));
        }
        assertThat(memoised.getSuppressed()).hasSize(100);
        IOException kept = new IOException("1");
        IOException end = new IOException("2");
        for (int i = 0; i < 10; i++) {
            catchThrowable(() -> retryer.call(READ, new Script(kept, end)));
        }
        assertThat(end.getSuppressed()).containsExactly(kept);
    }

    @Test
    void a_call_that_was_tried_again_in_vain_is_exhausted_whatever_it_ended_with() {
        Retryer retryer = builder.build(time, false);
        catchThrowable(() -> retryer.call(READ, new Script(new IOException(), new RuntimeException())));
        OperationState state = retryer.engine().state(READ);
        assertThat(state.exhausted()).isEqualTo(1);
        catchThrowable(() -> retryer.call(READ, new Script(new RuntimeException())));
        catchThrowable(() -> retryer.call(READ, new Script(new IOException(), new CancellationException())));
        assertThat(state.exhausted()).isEqualTo(1);
    }

    // Results that nobody gets

    @Test
    void a_result_that_is_tried_again_is_let_go_and_the_one_that_is_returned_is_not() throws Exception {
        List<Object> discarded = new ArrayList<>();
        Retryer retryer = builder.defaultPolicy(
                        judging().onDiscard(discarded::add).build())
                .build(time, false);
        FakeResponse last = FakeResponse.of(503, Map.of());
        FakeResponse first = FakeResponse.of(500, Map.of());
        assertThat(retryer.call(READ, new Script(first, first, last))).isSameAs(last);
        assertThat(discarded).containsExactly(first, first);
        IOException thrown = new IOException();
        discarded.clear();
        assertThatThrownBy(() -> retryer.call(READ, new Script(last, thrown))).isSameAs(thrown);
        assertThat(discarded).containsExactly(last);
    }

    @Test
    void a_result_is_let_go_when_an_interrupt_ends_the_call() {
        List<Object> discarded = new ArrayList<>();
        Retryer retryer = builder.defaultPolicy(judging()
                        .backoff(Backoff.fixed(Duration.ofMillis(1)))
                        .onDiscard(discarded::add)
                        .build())
                .build(time, false);
        time.duringNextWait(() -> Thread.currentThread().interrupt());
        FakeResponse held = FakeResponse.of(503, Map.of());
        assertThatExceptionOfType(CallInterruptedException.class)
                .isThrownBy(() -> retryer.call(READ, new Script(held)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(discarded).containsExactly(held);
    }

    @Test
    void bodies_of_discarded_answers_are_closed_unless_the_policy_says_otherwise() throws Exception {
        List<String> closed = new ArrayList<>();
        AutoCloseable body = () -> closed.add("body");
        Object answer = FakeResponse.withBody(503, body);
        Retryer retryer = builder.defaultPolicy(judging().build()).build(time, false);
        assertThat(retryer.call(READ, new Script(answer, FakeResponse.of(200, Map.of()))))
                .isInstanceOf(FakeResponse.class);
        assertThat(closed).containsExactly("body");
        FakeResponse bad = FakeResponse.of(503, Map.of());
        assertThat(retryer.call(READ, new Script(bad, bad, answer))).isSameAs(answer);
        assertThat(closed).as("the last one is the caller's").hasSize(1);
    }

    @Test
    void what_fails_at_letting_go_harms_nobody() throws Exception {
        Retryer retryer = builder.defaultPolicy(judging()
                        .onDiscard(result -> {
                            throw new IllegalStateException();
                        })
                        .build())
                .build(time, false);
        FakeResponse good = FakeResponse.of(200, Map.of());
        assertThat(retryer.call(READ, new Script(FakeResponse.of(503, Map.of()), good)))
                .isSameAs(good);
    }

    private static Policy.Builder judging() {
        return Policy.builder()
                .maxAttempts(3)
                .backoff(Backoff.none())
                .classifier(Classifiers.httpResponses(InstantSource.system()).orElse(Classifiers.standard()));
    }
}
