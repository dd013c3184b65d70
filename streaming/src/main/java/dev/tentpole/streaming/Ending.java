package dev.tentpole.streaming;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a session ended.
 *
 * @param reason why
 * @param code the close code or HTTP status that the server gave, or 0
 * @param headers of the answer to the handshake, or empty
 * @param detail what was wrong, in words without secrets
 * @param cause what was thrown, if anything was
 */
record Ending(
        ConnectionReason reason,
        int code,
        Map<String, List<String>> headers,
        String detail,
        @Nullable Throwable cause) {

    static Ending of(ConnectionReason reason, String detail, @Nullable Throwable cause) {
        return new Ending(reason, 0, Map.of(), detail, cause);
    }
}
