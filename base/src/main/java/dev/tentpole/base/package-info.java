/**
 * The small ground that Tentpole's modules share: argument checks, owned threads, the source of monotonic time.
 *
 * <p>Nothing here is meant for users of Tentpole and nothing here is promised to them: it may change in any release.
 *
 * <pre>{@code
 * Args.inRange("maxConcurrency", maxConcurrency, 1, 10_000);
 * NanoClock clock = NanoClock.system();
 * Deadline deadline = Deadline.after(Duration.ofSeconds(30), clock);
 * ThreadFactory threads = OwnedThreads.daemon("core", "query");
 * }</pre>
 */
@NullMarked
package dev.tentpole.base;

import org.jspecify.annotations.NullMarked;
