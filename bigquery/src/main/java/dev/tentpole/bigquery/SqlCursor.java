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

    private final String sql;
    private final int place;
    private final SqlTokens source;
    private final List<SqlToken> tokens;
    private final int[] partner;
    private final @Nullable String[] words;
    private int at;
    private int depth;
    private int stop;

    SqlCursor(String sql) {
        this(sql, 0);
    }

    /**
     * The tokens of a text that is taken to stand somewhere behind another one.
     *
     * @param place where it is taken to begin, which all places of tokens are counted from
     */
    SqlCursor(String sql, int place) {
        this.sql = sql;
        this.place = place;
        source = new SqlTokens(sql);
        if (place > 0) {
            source.kept().replaceAll(token -> new SqlToken(token.kind(), token.start() + place, token.end() + place));
        }
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
            char c = sql.charAt(token.start() - place);
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
        return at == 0 ? place : tokens.get(at - 1).end();
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
        return isSymbol(token(), symbol);
    }

    boolean isSymbol(int ahead, String symbol) {
        return isSymbol(peek(ahead), symbol);
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

    /** The token as it is written. */
    String text(SqlToken token) {
        return text(token.start(), token.end());
    }

    /** What is written from one place to another. */
    String text(int start, int end) {
        return sql.substring(start - place, end - place);
    }

    /** Whether the token is the word, in whatever case. */
    boolean isWord(SqlToken token, String word) {
        return token.kind() == Kind.WORD && text(token).equalsIgnoreCase(word);
    }

    /** Whether the token is the symbol. */
    boolean isSymbol(SqlToken token, String symbol) {
        return token.kind() == Kind.SYMBOL
                && token.end() - token.start() == symbol.length()
                && sql.startsWith(symbol, token.start() - place);
    }

    /** A name without its backticks. */
    String name(SqlToken token) {
        return name(token.kind(), text(token));
    }

    /** The name that a word or a text in backticks is. */
    static String name(Kind kind, String written) {
        if (kind != Kind.QUOTED) {
            return written;
        }
        String text = written.substring(1, written.length() - 1);
        return text.indexOf('\\') < 0 ? text : SqlText.unescape(text);
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
            boolean legacy = isSymbol(before, "[") && isSymbol(tokens.get(i + 1), ":");
            boolean table = legacy || isTablePlace(before) || (sources && isSymbol(before, ","));
            sources = token.kind() == Kind.WORD
                    ? table || isTablePlace(token) || (sources && !endsSources(token))
                    : sources;
            StringBuilder text = new StringBuilder(name(token));
            int end = token.end();
            i++;
            while (i + 1 < to && joins(tokens.get(i), end)) {
                text.append(text(tokens.get(i))).append(name(tokens.get(i + 1)));
                end = tokens.get(i + 1).end();
                i += 2;
            }
            names.add(new SqlQuery.Name(text.toString(), table, false, start, end));
        }
        return names;
    }

    /** Names in a step of a pipe that is not known: behind its first word any name may be a table's. */
    List<SqlQuery.Name> looseNames(int from, int to) {
        List<SqlQuery.Name> names = names(from, to);
        for (int i = 1; i < names.size(); i++) {
            SqlQuery.Name name = names.get(i);
            boolean word = SqlWords.isReserved(SqlText.upper(name.text()));
            names.set(i, new SqlQuery.Name(name.text(), name.table(), !word, name.start(), name.end()));
        }
        return names;
    }

    private boolean isTablePlace(SqlToken before) {
        return switch (before.kind() == Kind.WORD ? SqlText.upper(text(before)) : "") {
            case "FROM", "JOIN", "TABLE", "INTO", "UPDATE", "MERGE", "USING" -> true;
            default -> false;
        };
    }

    private boolean endsSources(SqlToken token) {
        return switch (SqlText.upper(text(token))) {
            case "SELECT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "ON", "SET", "VALUES", "QUALIFY" -> true;
            default -> false;
        };
    }

    private boolean joins(SqlToken token, int end) {
        return isSymbol(token, ".") || (isSymbol(token, "-") && token.start() == end);
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
            word = SqlText.upper(text(token));
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
            symbol = text(token);
            words[index] = symbol;
        }
        return symbol;
    }
}
