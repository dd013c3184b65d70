package dev.tentpole.cache;

import java.time.Duration;
import java.util.Optional;

/**
 * Where instances of a program share what they have loaded: bytes by key, with a time to live, such as a Redis.
 *
 * <p>A {@link QueryCache} asks it before it loads, and writes to it from a thread of its own after a load. It bounds what
 * waits, and stops asking for a while when calls fail; an implementation need only throw, and come back in time: a call
 * that hangs holds up a load. Implementations are safe for use by several threads.
 */
public interface SecondLevel extends AutoCloseable {

    /**
     * {@return the bytes under a key; empty if there are none}
     *
     * @param key the key
     * @throws Exception if it can't be told
     */
    Optional<byte[]> get(String key) throws Exception;

    /**
     * Keeps bytes under a key, instead of what is there.
     *
     * @param key the key
     * @param value the bytes, which nobody changes
     * @param timeToLive after which they must be gone, longer than zero
     * @throws Exception if they can't be kept
     */
    void put(String key, byte[] value, Duration timeToLive) throws Exception;

    /**
     * Removes what is under a key, if there is anything.
     *
     * @param key the key
     * @throws Exception if it can't be removed
     */
    void remove(String key) throws Exception;

    /**
     * Gives back what it holds; the cache calls it when it is closed. Closing twice is harmless.
     */
    @Override
    void close();

    /**
     * Makes bytes of values, and values of bytes.
     *
     * <p>Both are called by several threads. Bytes that can't be read, such as those of an older version, are an
     * exception, and count as absent.
     *
     * @param <V> the type of values
     */
    interface Codec<V> {

        /**
         * {@return the bytes of a value}
         *
         * @param value the value
         * @throws Exception if there are none, and then it is not shared
         */
        byte[] encode(V value) throws Exception;

        /**
         * {@return the value of bytes}
         *
         * @param bytes the bytes that {@link #encode} made
         * @throws Exception if they can't be read
         */
        V decode(byte[] bytes) throws Exception;
    }
}
