package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;

/**
 * Finds the tokens of a query with which macros and variables have to do. Of all others, only those are read within which a dollar sign would
 * be no code: to read all of a query takes a third of the time of expanding it. Used by one thread.
 */
final class MacroTokens {

    /** What begins texts, names in backticks and comments wherever it stands but in one of them: two dashes, or a slash and an asterisk. */
    private static final String OPENERS = "'\"`#-/";

    /** So many tokens are expected to be read. */
    static final int EXPECTED = 24;

    private final String sql;
    private final SqlLexer lexer;

    /** Where each opener is next, the text's length for none. */
    private final int[] next = new int[OPENERS.length()];

    private MacroTokens(String sql) {
        this.sql = sql;
        this.lexer = new SqlLexer(sql, 0);
        for (int i = 0; i < next.length; i++) {
            next[i] = find(i, 0);
        }
    }

    /**
     * {@return the dollar signs that are code with all that is in brackets right behind them, what had to be read for their sake, and at last
     * {@link Kind#END}}
     */
    static SqlTokenList atDollars(String sql) {
        MacroTokens macros = new MacroTokens(sql);
        SqlTokenList tokens = new SqlTokenList(sql, EXPECTED);
        int at = 0;
        for (int sign = sql.indexOf('$'); sign >= 0; sign = sign < at ? sql.indexOf('$', at) : sign) {
            int start = Math.min(sign, macros.opener(at));
            macros.lexer.goOnAt(start);
            macros.lexer.readBehind(start, tokens);
            if (start == sign) {
                macros.readBrackets(tokens);
            }
            at = macros.lexer.end();
        }
        if (!tokens.isComplete()) {
            tokens.add(Kind.END, sql.length(), sql.length());
        }
        return tokens;
    }

    private int find(int opener, int from) {
        char c = OPENERS.charAt(opener);
        int at = sql.indexOf(c, from);
        while (at >= 0 && (c == '-' || c == '/') && !sql.startsWith(c == '-' ? "-" : "*", at + 1)) {
            at = sql.indexOf(c, at + 1);
        }
        return at < 0 ? sql.length() : at;
    }

    /** {@return where the next opener is} */
    private int opener(int from) {
        int first = sql.length();
        for (int i = 0; i < next.length; i++) {
            if (next[i] < from) {
                next[i] = find(i, from);
            }
            first = Math.min(first, next[i]);
        }
        return first;
    }

    private void readBrackets(SqlTokenList tokens) {
        if (sql.startsWith("{", lexer.end())) {
            int close = sql.indexOf('}', lexer.end());
            lexer.readBehind(close < 0 ? sql.length() : close, tokens);
        } else if (sql.startsWith("(", lexer.end())) {
            int open = 0;
            do {
                lexer.readBehind(lexer.end(), tokens);
                open += opened(tokens, tokens.size() - 1);
            } while (open > 0 && !tokens.isComplete());
        }
    }

    private int opened(SqlTokenList tokens, int token) {
        if (tokens.kind(token) != Kind.SYMBOL) {
            return 0;
        }
        return switch (sql.charAt(tokens.start(token))) {
            case '(', '[', '{' -> 1;
            case ')', ']', '}' -> -1;
            default -> 0;
        };
    }

    /**
     * {@return what reads a query from shortly before a place on, where a token begins that nothing before it has a part in, nor it in anything
     * before}
     */
    static SqlLexer lexerBefore(String sql, int place) {
        MacroTokens tokens = new MacroTokens(sql);
        SqlLexer lexer = tokens.lexer;
        int code = 0;
        int target = tokens.opener(0);
        while (target < place) {
            lexer.goOnAt(target);
            lexer.next();
            if (lexer.end() > place) {
                break;
            }
            code = lexer.end();
            target = tokens.opener(code);
        }
        lexer.goOnAt(tokens.beginning(code, Math.min(target, place)));
        return lexer;
    }

    /**
     * {@return where the last word, number or bracket begins that has white space before it, and before that something that is neither a comment
     * nor has dots; 0 if there is none}
     *
     * @param code from where on all is code up to the place
     */
    private int beginning(int code, int place) {
        int start = pieceStart(code, place);
        while (start > code) {
            int end = start;
            while (end > code && sql.charAt(end - 1) <= ' ') {
                end--;
            }
            int before = pieceStart(code, end);
            if (before > code && SqlLexer.beginsAnew(sql.charAt(start)) && isPlain(before, end)) {
                return start;
            }
            start = before;
        }
        return 0;
    }

    private int pieceStart(int code, int end) {
        int start = end;
        while (start > code && sql.charAt(start - 1) > ' ') {
            start--;
        }
        return start;
    }

    private boolean isPlain(int start, int end) {
        for (int i = start; i < end; i++) {
            if (sql.charAt(i) == '.' || sql.charAt(i) >= SqlLexer.ASCII) {
                return false;
            }
        }
        return true;
    }
}
