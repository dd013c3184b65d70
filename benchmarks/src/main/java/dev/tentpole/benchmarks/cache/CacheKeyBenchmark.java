package dev.tentpole.benchmarks.cache;

import com.google.common.hash.Hashing;
import dev.tentpole.cache.CacheKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The key of a query of 300 bytes, and the key of the same query over another range.
 *
 * <p>{@code message-digest} is SHA-256 with an instance of the thread's own, {@code get-instance} with a new one for each
 * key, {@code guava} Guava's; all digest the whole text and, where there is one, the range.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class CacheKeyBenchmark {

    private static final int LENGTH = 300;

    /** Who does the work. */
    @Param({"tentpole", "message-digest", "get-instance", "guava"})
    public String implementation = "";

    private final String query = "sum by (job) (rate(http_requests_total{job=~\"api.*\"}[5m])) / "
            .repeat(5)
            .substring(0, LENGTH);
    private final CacheKey stable = CacheKey.of("prom", query);
    private final MessageDigest digest = newDigest();
    private long end;

    /** JMH creates it. */
    public CacheKeyBenchmark() {}

    /**
     * The key of the query.
     *
     * @return the key
     */
    @Benchmark
    public Object query() {
        return switch (implementation) {
            case "tentpole" -> CacheKey.of("prom", query);
            case "message-digest" -> digest.digest(query.getBytes(StandardCharsets.UTF_8));
            case "get-instance" -> newDigest().digest(query.getBytes(StandardCharsets.UTF_8));
            default -> Hashing.sha256().hashString(query, StandardCharsets.UTF_8);
        };
    }

    /**
     * The key of the query over a range that is new.
     *
     * @return the key
     */
    @Benchmark
    public Object range() {
        end += 30_000;
        return switch (implementation) {
            case "tentpole" -> stable.range(end - 3_600_000, end);
            case "message-digest" -> ranged(digest);
            case "get-instance" -> ranged(newDigest());
            default ->
                Hashing.sha256()
                        .newHasher()
                        .putString(query, StandardCharsets.UTF_8)
                        .putLong(end - 3_600_000)
                        .putLong(end)
                        .hash();
        };
    }

    private byte[] ranged(MessageDigest with) {
        with.update(query.getBytes(StandardCharsets.UTF_8));
        return with.digest(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(end - 3_600_000)
                .putLong(end)
                .array());
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
