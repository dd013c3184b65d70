package dev.tentpole.streaming;

import java.util.Objects;

/**
 * Which topics a subscription wants: a topic, or a pattern of them as NATS has it. Immutable.
 *
 * <p>A topic is a line of tokens with dots between them, such as {@code metrics.web-1.cpu}; a token is any text without
 * dot, white space, control character, {@code *} and {@code >}. In a pattern the token {@code *} stands for any one
 * token, and {@code >} as the last token for one or more tokens: {@code metrics.*.cpu}, {@code metrics.>}.
 */
public final class TopicPattern {

    private static final int LONGEST = 255;
    private static final int MOST_TOKENS = 32;

    private final String text;
    private final boolean exact;

    private TopicPattern(String text) {
        this.text = text;
        exact = text.indexOf('*') < 0 && text.indexOf('>') < 0;
    }

    /**
     * {@return the pattern that a text describes}
     *
     * @param text a topic or a pattern
     * @throws IllegalArgumentException if it is neither; the message says what is wrong, and where
     */
    public static TopicPattern of(String text) {
        check("pattern", text, true);
        return new TopicPattern(text);
    }

    /**
     * {@return the topic, which is valid and not a pattern}
     *
     * @param topic the topic
     * @throws IllegalArgumentException if it is not a topic; the message says what is wrong, and where
     */
    public static String requireTopic(String topic) {
        check("topic", topic, false);
        return topic;
    }

    private static void check(String name, String text, boolean wildcards) {
        Objects.requireNonNull(text, name);
        if (text.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty");
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    name + " has " + text.length() + " characters, must have at most " + LONGEST);
        }
        int tokens = 1;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (i == start) {
                    throw refused(name, text, i, "has an empty token");
                }
                if (i < text.length()) {
                    tokens++;
                }
                start = i + 1;
            } else if (Character.isWhitespace(c) || Character.isISOControl(c)) {
                throw refused(name, text, i, "has white space or a control character");
            } else if (c == '*' || c == '>') {
                if (!wildcards) {
                    throw refused(name, text, i, "has a wildcard, which only a pattern may have,");
                }
                boolean alone = i == start && (i + 1 == text.length() || text.charAt(i + 1) == '.');
                if (!alone) {
                    throw refused(name, text, i, "has a wildcard that is not a token of its own");
                }
                if (c == '>' && i + 1 < text.length()) {
                    throw refused(name, text, i, "has > that is not its last token");
                }
            }
        }
        if (tokens > MOST_TOKENS) {
            throw new IllegalArgumentException(name + " has " + tokens + " tokens, must have at most " + MOST_TOKENS);
        }
    }

    private static IllegalArgumentException refused(String name, String text, int at, String what) {
        StringBuilder shown = new StringBuilder();
        text.chars().forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
        return new IllegalArgumentException(name + " \"" + shown + "\" " + what + " at position " + at);
    }

    /**
     * {@return whether this pattern covers a topic}
     *
     * @param topic a topic, which is not checked again
     */
    public boolean matches(String topic) {
        if (exact) {
            return text.equals(topic);
        }
        int p = 0;
        int t = 0;
        while (p < text.length()) {
            if (t >= topic.length()) {
                return false;
            }
            char c = text.charAt(p);
            if (c == '>') {
                return true;
            }
            int topicEnd = end(topic, t);
            int patternEnd = end(text, p);
            if (c != '*' && !(topicEnd - t == patternEnd - p && topic.startsWith(text.substring(p, patternEnd), t))) {
                return false;
            }
            p = patternEnd + 1;
            t = topicEnd + 1;
        }
        return t > topic.length();
    }

    private static int end(String text, int start) {
        int dot = text.indexOf('.', start);
        return dot < 0 ? text.length() : dot;
    }

    /**
     * {@return whether this is a topic, without wildcards}
     */
    public boolean isTopic() {
        return exact;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicPattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /**
     * {@return the text that describes it}
     */
    @Override
    public String toString() {
        return text;
    }
}
