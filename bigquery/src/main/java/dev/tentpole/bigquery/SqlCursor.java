package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through the tokens of a text. Knows which brackets belong together, so that what is not understood can be skipped. */
final class SqlCursor {

    /** What is not understood, and where; never leaves the parser. */
    static final class Confused extends Exception {

        private static final long serialVersionUID = 1L;

        final transient SqlToken at;

        Confused(SqlToken at) {
            super("not understood", null, false, false);
            this.at = at;
        }
    }

    /** Nesting beyond this is not read. */
    static final int DEEPEST = 120;

    final String sql;
    private final SqlTokens source;
    private final List<SqlToken> tokens;
    private final int[] partner;
    private final @Nullable String[] words;
    private int at;
    private int depth;
    private int stop;

    SqlCursor(String sql) {
        this.sql = sql;
        source = new SqlTokens(sql);
        tokens = source.kept();
        partner = partners();
        words = new String[tokens.size()];
        stop = tokens.size() - 1;
    }

    /** For each bracket the index of the other one; for an open one that is never closed the end; otherwise -1. */
    private int[] partners() {
        int[] other = new int[tokens.size()];
        int[] open = new int[tokens.size()];
        int height = 0;
        for (int i = 0; i < other.length; i++) {
            other[i] = -1;
            SqlToken token = tokens.get(i);
            if (token.kind() != Kind.SYMBOL || token.end() - token.start() != 1) {
                continue;
            }
            char c = sql.charAt(token.start());
            if (c == '(' || c == '[') {
                open[height++] = i;
            } else if ((c == ')' || c == ']') && height > 0) {
                int begin = open[--height];
                other[begin] = i;
                other[i] = begin;
            }
        }
        while (height > 0) {
            other[open[--height]] = other.length - 1;
        }
        return other;
    }

    /** How many tokens there are. */
    int size() {
        return tokens.size() - 1;
    }

    int index() {
        return at;
    }

    void moveTo(int index) {
        at = index;
    }

    /** How many question marks stand before the token that was taken last. */
    int positional() {
        return source.position(at - 1);
    }

    SqlToken token() {
        return tokens.get(Math.min(at, stop));
    }

    SqlToken peek(int ahead) {
        return tokens.get(Math.min(at + ahead, stop));
    }

    /** Where the last token that was taken ends. */
    int lastEnd() {
        return at == 0 ? 0 : tokens.get(at - 1).end();
    }

    boolean atEnd() {
        return at >= stop || token().kind() == Kind.END;
    }

    SqlToken take() {
        SqlToken token = token();
        if (at < stop) {
            at++;
        }
        return token;
    }

    boolean isWord(String word) {
        return isWord(0, word);
    }

    boolean isWord(int ahead, String word) {
        int index = Math.min(at + ahead, stop);
        SqlToken token = tokens.get(index);
        return token.kind() == Kind.WORD && token.end() - token.start() == word.length() && word.equals(word(index));
    }

    boolean isSymbol(String symbol) {
        return token().isSymbol(sql, symbol);
    }

    boolean isSymbol(int ahead, String symbol) {
        return peek(ahead).isSymbol(sql, symbol);
    }

    boolean takeWord(String word) {
        if (isWord(word)) {
            at++;
            return true;
        }
        return false;
    }

    /** Takes both words, or none. */
    boolean takeWords(String first, String second) {
        if (isWord(first) && isWord(1, second)) {
            at += 2;
            return true;
        }
        return false;
    }

    boolean takeSymbol(String symbol) {
        if (isSymbol(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    void need(String symbol) throws Confused {
        if (!takeSymbol(symbol)) {
            throw confused();
        }
    }

    void needWord(String word) throws Confused {
        if (!takeWord(word)) {
            throw confused();
        }
    }

    Confused confused() {
        return new Confused(token());
    }

    void enter() throws Confused {
        if (++depth > DEEPEST) {
            depth--;
            throw confused();
        }
    }

    void leave() {
        depth--;
    }

    int depth() {
        return depth;
    }

    void restoreDepth(int value) {
        depth = value;
    }

    /** The index of the bracket that closes the one here; the end if none does. */
    int closing(int open) {
        return Math.min(partner[open], stop);
    }

    /** Whether the bracket there has a partner. */
    boolean isClosed(int open) {
        return partner[open] < partner.length - 1;
    }

    /** Takes everything in brackets, if they begin here. Never goes back, so that reading ends. */
    void skipGroup() {
        if (opens()) {
            at = Math.min(closing(at) + 1, stop);
        }
    }

    boolean opens() {
        return at < stop && partner[at] > at;
    }

    boolean closes() {
        return isSymbol(")") || isSymbol("]");
    }

    /** Limits what is read to the tokens before this index; returns the former limit. */
    int limit(int newStop) {
        int former = stop;
        stop = newStop;
        return former;
    }

    /** A name without its backticks. */
    String name(SqlToken token) {
        return name(sql, token);
    }

    /** A name in a text without its backticks. */
    String name(String of, SqlToken token) {
        if (token.kind() == Kind.QUOTED) {
            String text = of.substring(token.start() + 1, token.end() - 1);
            return text.indexOf('\\') < 0 ? text : SqlText.unescape(text);
        }
        return token.text(of);
    }

    /** Names in a part that was not understood which may be tables' names: words with dots, and what is in backticks. */
    List<SqlQuery.Name> names(int from, int to) {
        List<SqlQuery.Name> names = new ArrayList<>();
        boolean sources = false;
        int i = from;
        while (i < to) {
            SqlToken token = tokens.get(i);
            if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED) {
                i++;
                continue;
            }
            int start = token.start();
            SqlToken before = i > 0 ? tokens.get(i - 1) : token;
            boolean legacy = before.isSymbol(sql, "[") && tokens.get(i + 1).isSymbol(sql, ":");
            boolean table = legacy || isTablePlace(before) || (sources && before.isSymbol(sql, ","));
            sources = token.kind() == Kind.WORD
                    ? table || isTablePlace(token) || (sources && !endsSources(token))
                    : sources;
            StringBuilder text = new StringBuilder(name(token));
            int end = token.end();
            i++;
            while (i + 1 < to && joins(tokens.get(i), end)) {
                text.append(tokens.get(i).text(sql)).append(name(tokens.get(i + 1)));
                end = tokens.get(i + 1).end();
                i += 2;
            }
            names.add(new SqlQuery.Name(text.toString(), table, start, end));
        }
        return names;
    }

    private boolean isTablePlace(SqlToken before) {
        return switch (before.kind() == Kind.WORD ? SqlText.upper(before.text(sql)) : "") {
            case "FROM", "JOIN", "TABLE", "INTO", "UPDATE", "MERGE", "USING" -> true;
            default -> false;
        };
    }

    private boolean endsSources(SqlToken token) {
        return switch (SqlText.upper(token.text(sql))) {
            case "SELECT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "ON", "SET", "VALUES", "QUALIFY" -> true;
            default -> false;
        };
    }

    private boolean joins(SqlToken token, int end) {
        return token.isSymbol(sql, ".") || (token.isSymbol(sql, "-") && token.start() == end);
    }

    /** The word here in capitals, or null if there is no word. */
    @Nullable
    String word() {
        return word(Math.min(at, stop));
    }

    private @Nullable String word(int index) {
        SqlToken token = tokens.get(index);
        if (token.kind() != Kind.WORD) {
            return null;
        }
        String word = words[index];
        if (word == null) {
            word = SqlText.upper(token.text(sql));
            words[index] = word;
        }
        return word;
    }

    /** The symbol here, or null if there is none. */
    @Nullable
    String symbol() {
        int index = Math.min(at, stop);
        SqlToken token = tokens.get(index);
        if (token.kind() != Kind.SYMBOL) {
            return null;
        }
        String symbol = words[index];
        if (symbol == null) {
            symbol = token.text(sql);
            words[index] = symbol;
        }
        return symbol;
    }
}
