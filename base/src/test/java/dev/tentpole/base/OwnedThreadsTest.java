package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

final class OwnedThreadsTest {

    @Test
    void threads_are_daemons_and_say_whose_they_are() {
        ThreadFactory threads = OwnedThreads.daemon("core", "query");
        assertThat(threads.newThread(() -> {}).getName()).isEqualTo("tentpole-core-query-1");
        Thread second = threads.newThread(() -> {});
        assertThat(second.getName()).isEqualTo("tentpole-core-query-2");
        assertThat(second.isDaemon()).isTrue();
    }
}
