package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds values that changed what tokens a query has, by reading the query again with the values in it: a token must end where it
 * ended when a word stood for each value, and the tokens of a value where they were written.
 *
 * <p>Not all is read, but for each value the tokens that have a part in how the others are read: those right beside each other, and, for
 * the dots of paths and numbers, also those beyond white space and comments. All others are read alike whatever the value is. So each
 * token is read at most once. Used by one thread.
 */
final class MacroSeams {

    /** Signs that are a token of their own and begin no other, so that they don't join what stands behind them with anything. */
    private static final String APART = "()[]{},;";

    private final String text;
    private final SqlTokenList tokens;
    private final SqlLexer lexer;
    private final List<Written> all = new ArrayList<>();

    /**
     * Makes one for a query.
     *
     * @param text the query with words in place of values
     * @param tokens its tokens, as far as they are read
     * @param lexer what reads the others
     */
    MacroSeams(String text, SqlTokenList tokens, SqlLexer lexer) {
        this.text = text;
        this.tokens = tokens;
        this.lexer = lexer;
    }

    /** What was written in place of a token: one token of the same kind, or the tokens of a value that stands alone. */
    static final class Written {
        private final MacroReference reference;
        private final int token;
        private final int start;
        private final boolean alone;
        private int[] ends = new int[1];
        private int size;

        private Written(MacroReference reference, int token, int start, boolean alone) {
            this.reference = reference;
            this.token = token;
            this.start = start;
            this.alone = alone;
        }

        /** Says where in the query one of the tokens ends. */
        void endsAt(int end) {
            if (size == ends.length) {
                ends = Arrays.copyOf(ends, 2 * size);
            }
            ends[size++] = end;
        }

        private int end() {
            return ends[size - 1];
        }

        private boolean isReadBy(SqlLexer reader, Kind kind) {
            boolean same = reader.next() == kind && reader.end() == end();
            if (same || !alone) {
                return same;
            }
            for (int i = 0; i < size; i++) {
                if (reader.end() != ends[i]) {
                    return false;
                }
                if (i + 1 < size) {
                    reader.next();
                }
            }
            return true;
        }
    }

    /**
     * {@return what is written in place of the next token, whose ends are to be added}
     *
     * @param reference what is to be refused if it changes other tokens
     * @param token the number of the token
     * @param start where in the query it begins
     * @param alone whether it is a value by itself
     */
    Written next(MacroReference reference, int token, int start, boolean alone) {
        Written written = new Written(reference, token, start, alone);
        all.add(written);
        return written;
    }

    /** {@return the first reference in the query that changes its tokens, null if none does} */
    @Nullable
    MacroReference broken(String query) {
        int next = 0;
        while (next < all.size()) {
            Written written = all.get(next);
            int token = written.token;
            int moved = written.start - tokens.start(token);
            while (isJoined(token)) {
                token--;
            }
            SqlLexer reader = new SqlLexer(query, tokens.start(token) + moved);
            do {
                boolean good;
                if (next < all.size() && all.get(next).token == token) {
                    written = all.get(next++);
                    good = written.isReadBy(reader, tokens.kind(token));
                    moved = written.end() - tokens.end(token);
                } else {
                    good = reader.next() == tokens.kind(token) && reader.end() == tokens.end(token) + moved;
                }
                if (!good) {
                    return written.reference;
                }
                token++;
            } while (isRead(token) && isJoined(token));
        }
        return null;
    }

    private boolean isRead(int token) {
        lexer.readBehind(tokens.end(token - 1), tokens);
        return token < tokens.size();
    }

    /** {@return whether what is before the token has a part in how it is read, or it in how that is read} */
    private boolean isJoined(int token) {
        if (token == 0) {
            return false;
        }
        boolean comment = tokens.kind(token) == Kind.COMMENT || tokens.kind(token - 1) == Kind.COMMENT;
        boolean touches =
                tokens.end(token - 1) == tokens.start(token) && APART.indexOf(text.charAt(tokens.start(token - 1))) < 0;
        return comment || touches || isDot(token) || isDot(token - 1);
    }

    private boolean isDot(int token) {
        int start = tokens.start(token);
        return start < text.length() && text.charAt(start) == '.';
    }
}
