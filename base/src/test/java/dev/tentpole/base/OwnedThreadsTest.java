package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    @Test
    void threads_inherit_nothing_of_whoever_needs_them() throws InterruptedException {
        ThreadFactory threads = OwnedThreads.daemon("core", "query");
        InheritableThreadLocal<String> secret = new InheritableThreadLocal<>();
        List<Object> seen = new CopyOnWriteArrayList<>();
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[0], own)) {
            Thread.currentThread().setContextClassLoader(loader);
            secret.set("of the request");
            Thread thread = threads.newThread(() -> {
                seen.add(String.valueOf(secret.get()));
                seen.add(Thread.currentThread().getContextClassLoader());
            });
            thread.start();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Thread.currentThread().setContextClassLoader(own);
            secret.remove();
        }
        assertThat(seen).containsExactly("null", own);
    }
}
