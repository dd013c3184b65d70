package dev.tentpole.streaming;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * The time, the chance and the threads that a connection lives by; tests bring their own.
 *
 * @param loop the connection's own thread
 * @param random a number in 0..1
 * @param wall the time of day, for tokens and dates in headers
 * @param listeners runs calls of listeners, of which one is made at a time
 * @param tokens runs token sources, one at a time
 * @param replays runs replay sources
 * @param delivery publishes messages, in one task at a time
 */
record Surroundings(
        EventLoop loop,
        DoubleSupplier random,
        InstantSource wall,
        Executor listeners,
        Executor tokens,
        Executor replays,
        Executor delivery) {}
