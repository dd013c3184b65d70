package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The tokens of a text as the parser wants them: without comments and without hints, which read nothing, and with a parameter
 * as one token also if white space stands in it.
 */
final class SqlTokens {

    private static final int NO_HINT = -1;

    private final String sql;
    private final List<SqlToken> kept = new ArrayList<>();
    /** How many question marks stand before each of them, also within hints. */
    private int[] positions = new int[0];
    /** Where hints and other braces that are not closed yet begin among the kept tokens. */
    private final Deque<Integer> open = new ArrayDeque<>();

    SqlTokens(String sql) {
        this.sql = sql;
        SqlTokenList all = SqlLexer.code(sql);
        int marks = 0;
        int i = 0;
        while (i < all.size()) {
            boolean at = all.isSymbol(i, '@');
            if (at && i + 1 < all.size() && all.kind(i + 1) == Kind.INTEGER) {
                i += 2;
                continue;
            }
            int last = at ? parameter(all, i) : i;
            SqlToken one = last == i
                    ? all.get(i)
                    : new SqlToken(last == i + 1 ? Kind.PARAMETER : Kind.SYSTEM, all.start(i), all.end(last));
            braces(one);
            keep(one, marks);
            if (one.isSymbol(sql, "}")) {
                close();
            }
            marks += one.kind() == Kind.POSITIONAL ? 1 : 0;
            i = last + 1;
        }
    }

    List<SqlToken> kept() {
        return kept;
    }

    /** How many question marks stand before a token. */
    int position(int index) {
        return index < positions.length ? positions[index] : 0;
    }

    private void keep(SqlToken token, int marks) {
        if (marks > 0) {
            if (kept.size() >= positions.length) {
                positions = Arrays.copyOf(positions, Math.max(16, 2 * kept.size()));
            }
            positions[kept.size()] = marks;
        }
        kept.add(token);
    }

    /** Where the name of a parameter stands whose sign is here; this place if there is none. */
    private int parameter(SqlTokenList all, int from) {
        int name = from + 1;
        if (name < all.size() && all.isSymbol(name, '@') && all.start(name) == all.end(from)) {
            name++;
        }
        boolean named = name < all.size() && (all.kind(name) == Kind.WORD || all.kind(name) == Kind.QUOTED);
        return named ? name : from;
    }

    private void braces(SqlToken token) {
        if (token.kind() != Kind.SYMBOL) {
            return;
        }
        if (token.isSymbol(sql, ";")) {
            open.clear();
        } else if (token.isSymbol(sql, "{")) {
            boolean hint = !kept.isEmpty() && kept.get(kept.size() - 1).isSymbol(sql, "@");
            open.push(hint ? kept.size() - 1 : NO_HINT);
        }
    }

    /** Drops the hint that ends here; one with a query in it stays, and is not understood. */
    private void close() {
        int begin = open.isEmpty() ? NO_HINT : open.pop();
        if (begin == NO_HINT) {
            return;
        }
        List<SqlToken> hint = kept.subList(begin, kept.size());
        if (hint.stream().anyMatch(token -> token.isWord(sql, "SELECT") || token.isWord(sql, "FROM"))) {
            open.clear();
        } else {
            hint.clear();
        }
    }
}
