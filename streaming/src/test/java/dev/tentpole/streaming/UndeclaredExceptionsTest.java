package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What foreign code throws without declaring it, and how it leaves the thread, ends nothing but what it must. */
@Timeout(60)
final class UndeclaredExceptionsTest {

    @Test
    void an_undeclared_exception_of_a_listener_or_filter_ends_nothing() throws InterruptedException {
        List<Throwable> told = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch ended = new CountDownLatch(1);
        try (Topics<String> topics = Topics.<String>builder(String::length).build()) {
            SubscriptionListener<String> listener = new SubscriptionListener<>() {
                @Override
                public void onMessage(String message, long sequence) {
                    throw Sneaky.raise(new IOException(message));
                }

                @Override
                public void onFailure(Throwable failure) {
                    told.add(failure);
                }

                @Override
                public void onEnd(EndReason reason) {
                    ended.countDown();
                }
            };
            Subscription<String> subscription = topics.subscribe(
                    SubscriptionSettings.<String>of("t")
                            .filter(message -> {
                                if (message.equals("filtered")) {
                                    throw Sneaky.raise(new IOException(message));
                                }
                                return true;
                            })
                            .build(),
                    listener);
            topics.publish("t", "one");
            topics.publish("t", "filtered");
            topics.publish("t", "two");
            Until.holds(() -> told.size() == 3);
            subscription.close();
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(told).extracting(Throwable::getMessage).containsExactlyInAnyOrder("one", "filtered", "two");
    }

    @Test
    void an_undeclared_exception_of_the_transport_ends_the_connection_and_not_its_thread() {
        Rig rig = new Rig();
        FakeTransport.Peer peer = rig.openNow();
        peer.failsAborts = true;
        rig.server.onSent = (to, text) -> {
            throw Sneaky.raise(new IOException("undeclared"));
        };
        rig.connection.send(WireMessage.text("x"));
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.CONNECTION_LOST);
    }

    @Test
    void an_interruption_that_a_filter_throws_is_left_to_the_publishers_thread() {
        try (Topics<String> topics = Topics.<String>builder(String::length).build()) {
            SubscriptionSettings<String> settings = SubscriptionSettings.<String>of("t")
                    .maxMessages(4)
                    .filter(message -> {
                        throw Sneaky.raise(new InterruptedException());
                    })
                    .build();
            try (Subscription<String> subscription = topics.subscribe(settings, (message, sequence) -> {})) {
                topics.publish("t", "x");
                assertThat(Thread.interrupted()).isTrue();
                assertThat(subscription.counters().dropped(DropReason.REJECTED)).isOne();
            }
        }
    }

    @Test
    void a_filter_that_leaves_the_thread_interrupted_costs_no_message_of_a_connection() throws InterruptedException {
        Rig rig = new Rig();
        Thread publisher = Thread.currentThread();
        CountDownLatch mayGoOn = new CountDownLatch(1);
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        rig.connection
                .topics()
                .subscribe(
                        SubscriptionSettings.<StreamMessage<String>>of("c")
                                .maxMessages(1)
                                .overflow(Overflow.block(Duration.ofSeconds(20)))
                                .filter(message -> {
                                    if (message.payload().equals("one")) {
                                        publisher.interrupt();
                                    }
                                    return true;
                                })
                                .build(),
                        (message, sequence) -> {
                            boolean ignored = awaited(mayGoOn);
                            heard.add(message.payload());
                        });
        Thread waiter = new Thread(() -> {
            boolean ignored =
                    Until.within(Duration.ofSeconds(2), () -> publisher.getState() == Thread.State.TIMED_WAITING);
            mayGoOn.countDown();
        });
        rig.connection.subscribe("c");
        rig.openNow();
        rig.say("ack c");
        rig.loop.holdsDelivery = true;
        rig.say("plain c one");
        rig.say("plain c two");
        rig.say("plain c three");
        waiter.start();
        rig.loop.runHeldDeliveries();
        boolean ignored = Thread.interrupted();
        waiter.join();
        Until.holds(() -> heard.size() == 3);
        assertThat(heard).containsExactly("one", "two", "three");
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
