package dev.tentpole.streaming;

/**
 * How a connection was closed.
 *
 * @param delivered how many buffered messages consumers took while it drained
 * @param dropped how many messages no consumer will get: those left in buffers when the time was up, and those that came
 *     after the drain began
 * @param unsent how many messages that had been accepted by {@link StreamConnection#send} were not written; one that was
 *     being written when the connection ended is among them, though the server may have it
 * @param peerClosed whether the server answered with its own close frame
 */
public record DrainReport(long delivered, long dropped, long unsent, boolean peerClosed) {}
