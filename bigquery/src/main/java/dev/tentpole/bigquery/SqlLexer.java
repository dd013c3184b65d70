package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts GoogleSQL into tokens, after the lexical structure that Google publishes for it. It never throws: what lacks its
 * end is a token that says so, and so is a character that belongs nowhere. White space lies between the tokens; each
 * character is read a bounded number of times.
 *
 * <p>Whether a dash belongs to a project's name depends on where it stands; the parser decides that.
 */
final class SqlLexer {

    private final String sql;
    private int at;
    /** Whether the last token ends a value or name, so that a dot after it is an access and no number. */
    private boolean afterValue;

    private boolean afterAccess;

    /** Where the last token stands, if it is a word that stands alone; otherwise its end is 0. */
    private int wordStart;

    private int wordEnd;

    private SqlLexer(String sql) {
        this.sql = sql;
    }

    /** {@return all tokens with comments, the last one being {@link Kind#END}} */
    static List<SqlToken> all(String sql) {
        SqlLexer lexer = new SqlLexer(sql);
        List<SqlToken> tokens = new ArrayList<>(sql.length() / 4 + 8);
        SqlToken token;
        do {
            token = lexer.next();
            tokens.add(token);
        } while (token.kind() != Kind.END);
        return tokens;
    }

    /** {@return all tokens but the comments, the last one being {@link Kind#END}} */
    static List<SqlToken> code(String sql) {
        SqlLexer lexer = new SqlLexer(sql);
        List<SqlToken> tokens = new ArrayList<>(sql.length() / 4 + 8);
        SqlToken token;
        do {
            token = lexer.next();
            if (token.kind() != Kind.COMMENT) {
                tokens.add(token);
            }
        } while (token.kind() != Kind.END);
        return tokens;
    }

    private SqlToken next() {
        while (at < sql.length() && isSpace(sql.charAt(at))) {
            at++;
        }
        int start = at;
        if (start == sql.length()) {
            return new SqlToken(Kind.END, start, start);
        }
        Kind kind = scan(sql.charAt(start));
        if (kind != Kind.COMMENT) {
            boolean dot = kind == Kind.SYMBOL && at - start == 1 && sql.charAt(start) == '.';
            boolean wasAccess = afterAccess;
            afterAccess = dot && afterValue;
            afterValue = endsValue(kind, start);
            wordStart = start;
            wordEnd = kind == Kind.WORD && !wasAccess ? at : 0;
        }
        return new SqlToken(kind, start, at);
    }

    private boolean endsValue(Kind kind, int start) {
        return switch (kind) {
            case WORD, QUOTED, PARAMETER, SYSTEM, POSITIONAL, STRING -> true;
            case SYMBOL -> sql.charAt(start) == ')' || sql.charAt(start) == ']';
            default -> false;
        };
    }

    private Kind scan(char first) {
        if (afterAccess && isWordPart(first)) {
            return word();
        }
        if (isWordStart(first)) {
            int quote = quoteBehindPrefix();
            if (quote >= 0) {
                boolean bytes = (sql.charAt(at) | 0x20) == 'b' || (sql.charAt(quote - 1) | 0x20) == 'b';
                at = quote;
                return quoted(bytes ? Kind.BYTES : Kind.STRING);
            }
            return word();
        }
        if (isDigit(first) || (first == '.' && startsFraction())) {
            return number();
        }
        return switch (first) {
            case '\'', '"' -> quoted(Kind.STRING);
            case '`' -> backtick();
            case '#' -> lineComment();
            case '-' -> sql.startsWith("--", at) ? lineComment() : symbol();
            case '/' -> sql.startsWith("/*", at) ? blockComment() : symbol();
            case '@' -> parameter();
            case '?' -> {
                at++;
                yield Kind.POSITIONAL;
            }
            case '$' -> {
                at++;
                while (at < sql.length() && isWordPart(sql.charAt(at))) {
                    at++;
                }
                yield Kind.DOLLAR;
            }
            default -> symbol();
        };
    }

    /** Whether a digit follows the dot here, and no value or name, of which it would be a part, stands before it. */
    private boolean startsFraction() {
        return at + 1 < sql.length() && isDigit(sql.charAt(at + 1)) && (!afterValue || isBehindKeyword());
    }

    private boolean isBehindKeyword() {
        return wordEnd > 0 && SqlWords.isReserved(SqlText.upper(sql.substring(wordStart, wordEnd)));
    }

    /** Where the quote stands behind the prefix that begins here, or -1 if none begins here. */
    private int quoteBehindPrefix() {
        int i = at;
        boolean raw = false;
        boolean bytes = false;
        while (i < sql.length() && i - at < 2) {
            int c = sql.charAt(i) | 0x20;
            if (c == 'r' && !raw) {
                raw = true;
            } else if (c == 'b' && !bytes) {
                bytes = true;
            } else {
                break;
            }
            i++;
        }
        return i > at && i < sql.length() && (sql.charAt(i) == '\'' || sql.charAt(i) == '"') ? i : -1;
    }

    private Kind word() {
        at++;
        while (at < sql.length() && isWordPart(sql.charAt(at))) {
            at++;
        }
        return Kind.WORD;
    }

    /** A backslash and what follows it never end a text, not even a raw one. */
    private Kind quoted(Kind kind) {
        char quote = sql.charAt(at);
        boolean triple = at + 2 < sql.length() && sql.charAt(at + 1) == quote && sql.charAt(at + 2) == quote;
        at += triple ? 3 : 1;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == '\\') {
                at = Math.min(at + 2, sql.length());
            } else if (c == quote && !triple) {
                at++;
                return kind;
            } else if (c == quote
                    && at + 2 < sql.length()
                    && sql.charAt(at + 1) == quote
                    && sql.charAt(at + 2) == quote) {
                at += 3;
                return kind;
            } else if (!triple && (c == '\n' || c == '\r')) {
                return Kind.UNTERMINATED;
            } else {
                at++;
            }
        }
        return Kind.UNTERMINATED;
    }

    private Kind backtick() {
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == '\\') {
                at = Math.min(at + 2, sql.length());
            } else if (c == '`') {
                at++;
                return Kind.QUOTED;
            } else if (c == '\n' || c == '\r') {
                return Kind.UNTERMINATED;
            } else {
                at++;
            }
        }
        return Kind.UNTERMINATED;
    }

    private Kind lineComment() {
        while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
            at++;
        }
        return Kind.COMMENT;
    }

    private Kind blockComment() {
        int end = sql.indexOf("*/", at + 2);
        at = end < 0 ? sql.length() : end + 2;
        return end < 0 ? Kind.UNTERMINATED : Kind.COMMENT;
    }

    private Kind parameter() {
        boolean system = sql.startsWith("@@", at);
        int name = at + (system ? 2 : 1);
        if (name >= sql.length() || !(isWordStart(sql.charAt(name)) || sql.charAt(name) == '`')) {
            return symbol();
        }
        at = name;
        if (sql.charAt(name) == '`') {
            return backtick() == Kind.QUOTED ? (system ? Kind.SYSTEM : Kind.PARAMETER) : Kind.UNTERMINATED;
        }
        word();
        return system ? Kind.SYSTEM : Kind.PARAMETER;
    }

    private Kind number() {
        if (sql.charAt(at) == '0' && at + 1 < sql.length() && (sql.charAt(at + 1) | 0x20) == 'x') {
            at += 2;
            while (at < sql.length() && Character.digit(sql.charAt(at), 16) >= 0) {
                at++;
            }
            return Kind.INTEGER;
        }
        Kind kind = Kind.INTEGER;
        digits();
        if (at < sql.length() && sql.charAt(at) == '.') {
            kind = Kind.FLOAT;
            at++;
            digits();
        }
        if (at < sql.length() && (sql.charAt(at) | 0x20) == 'e') {
            int exponent = at + 1;
            if (exponent < sql.length() && (sql.charAt(exponent) == '+' || sql.charAt(exponent) == '-')) {
                exponent++;
            }
            if (exponent < sql.length() && isDigit(sql.charAt(exponent))) {
                kind = Kind.FLOAT;
                at = exponent;
                digits();
            }
        }
        return kind;
    }

    private void digits() {
        while (at < sql.length() && isDigit(sql.charAt(at))) {
            at++;
        }
    }

    private Kind symbol() {
        char c = sql.charAt(at);
        int length = longSymbol(c, at + 1 < sql.length() ? sql.charAt(at + 1) : ' ');
        if (length > 0) {
            at += length;
            return Kind.SYMBOL;
        }
        at++;
        if (isSymbol(c)) {
            return Kind.SYMBOL;
        }
        if (Character.isHighSurrogate(c) && at < sql.length() && Character.isLowSurrogate(sql.charAt(at))) {
            at++;
        }
        return Kind.UNKNOWN;
    }

    /** {@return how long the symbol of several characters is, 0 if there is none} */
    private int longSymbol(char c, char next) {
        boolean pair = switch (c) {
            case '<' -> next == '=' || next == '>' || next == '<';
            case '|' -> next == '>' || next == '|';
            case '>', '!', '+' -> next == '=';
            case '=' -> next == '>';
            case '-' -> next == '>' || next == '=';
            default -> false;
        };
        return !pair ? 0 : c == '<' && sql.startsWith("=>", at + 1) ? 3 : 2;
    }

    private static boolean isSymbol(char c) {
        return switch (c) {
            case '(', ')', '[', ']', '{', '}', ',', '.', ';', ':', '+', '-', '*', '/', '%', '=' -> true;
            case '<', '>', '|', '&', '^', '~', '@' -> true;
            default -> false;
        };
    }

    static boolean isSpace(char c) {
        return c <= ' ' || c == '\u00a0' || (c > '\u007f' && Character.isSpaceChar(c));
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    static boolean isWordPart(char c) {
        return isWordStart(c) || isDigit(c);
    }
}
