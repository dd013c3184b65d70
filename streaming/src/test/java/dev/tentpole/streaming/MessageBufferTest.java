package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a buffer promises, by policy. */
final class MessageBufferTest {

    @Test
    void the_oldest_messages_go_and_a_gap_says_so() {
        MessageBuffer<String> buffer =
                MessageBuffer.<String>builder(String::length).maxMessages(2).build();
        buffer.offerAll(List.of("a", "b", "c", "d"));
        List<String> seen = new ArrayList<>();
        buffer.drain(
                new Receiver<String>() {
                    @Override
                    public void onMessage(String message, long sequence) {
                        seen.add(message + sequence);
                    }

                    @Override
                    public void onGap(Gap gap) {
                        seen.add(gap.toString());
                    }
                },
                10);
        assertThat(seen).containsExactly("Gap[count=2, first=1, last=2, reason=OLDEST]", "c3", "d4");
    }
}
