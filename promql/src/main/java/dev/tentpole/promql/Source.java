package dev.tentpole.promql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A query's text, the ranges in it, and what is wrong with it. */
final class Source {

    /** More problems than anybody reads are not kept. */
    private static final int MAX_PROBLEMS = 50;

    private static final int[] ASCII = {};

    private final String text;
    private final byte[] signs;
    /** The byte offset of each character; empty if all are ASCII. */
    private final int[] byteOffsets;

    private List<Problem> problems = List.of();

    Source(String text) {
        this.text = text;
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        // Half of a surrogate pair has no form in UTF-8, and becomes a question mark.
        boolean ascii = utf8.length == text.length() && !Signs.mayContainQuestionMarks(utf8);
        this.signs = ascii ? utf8 : Signs.of(text);
        this.byteOffsets = ascii ? ASCII : Utf8.byteOffsets(text);
    }

    String text() {
        return text;
    }

    /** {@return the text as {@link Signs}} */
    byte[] signs() {
        return signs;
    }

    List<Problem> problems() {
        return problems;
    }

    /** {@return whether no more problems are kept, so that none need be looked for or explained} */
    boolean isFull() {
        return problems.size() >= MAX_PROBLEMS;
    }

    boolean hasProblems() {
        return !problems.isEmpty();
    }

    SourceRange range(int start, int end) {
        return byteOffsets.length == 0
                ? new SourceRange(start, end, start, end)
                : new SourceRange(start, end, byteOffsets[start], byteOffsets[end]);
    }

    void syntax(String message, int start, int end, @Nullable String hint) {
        add(Problem.Kind.SYNTAX, message, start, end, hint);
    }

    void type(String message, SourceRange range, @Nullable String hint) {
        add(Problem.Kind.TYPE, message, range.start(), range.end(), hint);
    }

    private void add(Problem.Kind kind, String message, int start, int end, @Nullable String hint) {
        if (isFull()) {
            return;
        }
        if (problems.isEmpty()) {
            problems = new ArrayList<>();
        }
        int line = 1;
        int lineStart = 0;
        for (int i = text.indexOf('\n'); i >= 0 && i < start; i = text.indexOf('\n', i + 1)) {
            line++;
            lineStart = i + 1;
        }
        int column = text.codePointCount(lineStart, start) + 1;
        problems.add(new Problem(kind, message, range(start, end), line, column, Optional.ofNullable(hint)));
    }
}
