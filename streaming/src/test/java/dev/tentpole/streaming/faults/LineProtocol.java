package dev.tentpole.streaming.faults;

import dev.tentpole.streaming.StreamPosition;
import dev.tentpole.streaming.StreamProtocol;
import dev.tentpole.streaming.TokenSource.Token;
import dev.tentpole.streaming.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A protocol of one line a message, for tests: words with spaces between them.
 *
 * <pre>
 * client: sub CHANNEL [EPOCH OFFSET]     server: ack CHANNEL [EPOCH OFFSET [recovering]]
 *         unsub CHANNEL                          err CHANNEL WORDS
 *         hello TOKEN                            welcome
 *         token TOKEN                            data CHANNEL EPOCH OFFSET PAYLOAD
 *                                                plain CHANNEL PAYLOAD
 *                                                end CHANNEL again|gone WORDS
 *                                                badtoken
 *                                                ask WORDS (answered by: re WORDS)
 *                                                move MILLISECONDS
 * </pre>
 */
public class LineProtocol implements StreamProtocol<String> {

    private final boolean opens;
    private final boolean refreshes;

    /** Makes the protocol, with an opening and tokens on an open connection, or without them. */
    public LineProtocol(boolean opens, boolean refreshes) {
        this.opens = opens;
        this.refreshes = refreshes;
    }

    @Override
    public WireMessage subscribe(String channel, Optional<StreamPosition> after) {
        return WireMessage.text("sub " + channel
                + after.map(at -> " " + at.epoch() + " " + at.offset()).orElse(""));
    }

    @Override
    public Optional<WireMessage> unsubscribe(String channel) {
        return Optional.of(WireMessage.text("unsub " + channel));
    }

    @Override
    public Optional<WireMessage> opening(Optional<Token> token) {
        return opens
                ? Optional.of(
                        WireMessage.text("hello " + token.map(Token::secret).orElse("nobody")))
                : Optional.empty();
    }

    @Override
    public Optional<WireMessage> refresh(Token token) {
        return refreshes ? Optional.of(WireMessage.text("token " + token.secret())) : Optional.empty();
    }

    @Override
    public void decode(WireMessage message, Events<String> events) {
        String[] words = message.text().split(" ", 5);
        switch (words[0]) {
            case "ack" ->
                events.subscribed(words[1], position(words), words.length > 4 && words[4].equals("recovering"));
            case "err" -> events.refused(words[1], words[2]);
            case "data" ->
                events.data(
                        words[1],
                        words[4],
                        words[4].getBytes(StandardCharsets.UTF_8).length,
                        new StreamPosition(words[2], Long.parseLong(words[3])));
            case "plain" -> events.data(words[1], words[2], words[2].getBytes(StandardCharsets.UTF_8).length, null);
            case "end" -> events.unsubscribed(words[1], words[2].equals("again"), words[3]);
            case "welcome" -> events.opened();
            case "badtoken" -> events.tokenRefused();
            case "ask" -> events.reply(WireMessage.text("re " + words[1]));
            case "move" -> events.reconnect(Duration.ofMillis(Long.parseLong(words[1])));
            default -> throw new IllegalArgumentException("what is " + words[0]);
        }
    }

    private static @Nullable StreamPosition position(String[] words) {
        return words.length > 3 ? new StreamPosition(words[2], Long.parseLong(words[3])) : null;
    }
}
