package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;

/**
 * Cuts GoogleSQL into tokens, after the lexical structure that Google publishes for it. It never throws: what lacks its
 * end is a token that says so, and so is a character that belongs nowhere. White space lies between the tokens; each
 * character is read a bounded number of times.
 *
 * <p>Whether a dash belongs to a project's name depends on where it stands; the parser decides that.
 */
final class SqlLexer {

    static final int ASCII = 128;

    /** What a character of ASCII may begin; all others begin nothing. */
    private static final byte[] BEGINS = new byte[ASCII];

    private static final byte WORD = 1;
    private static final byte NUMBER = 2;

    /** Both of what a word goes on with. */
    private static final byte WORD_PART = WORD | NUMBER;

    /** A symbol of one character, which is the beginning of nothing longer. */
    private static final byte MARK = 4;

    static {
        for (char c = 0; c < ASCII; c++) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            BEGINS[c] = letter ? WORD : isDigit(c) ? NUMBER : "()[]{},;:*%&^~".indexOf(c) >= 0 ? MARK : 0;
        }
    }

    private final String sql;
    private final int length;

    /** Where the token that is read begins and ends. */
    private int start;

    private int at;

    /** Where the last token but for comments begins, -1 for none. */
    private int last = -1;

    private int lastEnd;
    private byte lastKind = Kind.END.number();

    /** Where the last dot behind a value or a name is: a part of that follows, even if it begins with a digit. */
    private int access = -1;

    /** Where the last such part is: it is a name even if it is written as a keyword is. */
    private int part = -1;

    /**
     * Reads a text from a place on.
     *
     * @param from where a token begins that nothing before it has a part in
     */
    SqlLexer(String sql, int from) {
        this.sql = sql;
        this.length = sql.length();
        this.at = from;
    }

    /** {@return all tokens with comments, the last one being {@link Kind#END}} */
    static SqlTokenList all(String sql) {
        SqlTokenList tokens = new SqlTokenList(sql);
        new SqlLexer(sql, 0).readBehind(sql.length(), tokens);
        return tokens;
    }

    /** {@return all tokens but the comments, the last one being {@link Kind#END}} */
    static SqlTokenList code(String sql) {
        SqlTokenList tokens = new SqlTokenList(sql);
        SqlLexer lexer = new SqlLexer(sql, 0);
        Kind kind;
        do {
            kind = lexer.next();
            if (kind != Kind.COMMENT) {
                tokens.add(kind, lexer.start, lexer.at);
            }
        } while (kind != Kind.END);
        return tokens;
    }

    /** Leaves out what is before a place where a token begins that nothing before it has a part in. */
    void goOnAt(int place) {
        at = place;
        last = -1;
        lastKind = Kind.END.number();
        access = -1;
    }

    /** Adds tokens with comments until one ends behind a place or all are read, the last one being {@link Kind#END}. */
    void readBehind(int place, SqlTokenList tokens) {
        boolean complete = tokens.isComplete();
        while (at <= place && !complete) {
            Kind kind = next();
            tokens.add(kind, start, at);
            complete = kind == Kind.END;
        }
    }

    /** Reads the next token, {@return what it is}. */
    Kind next() {
        int i = at;
        while (i < length && isSpace(sql.charAt(i))) {
            i++;
        }
        start = i;
        at = i;
        if (i == length) {
            return Kind.END;
        }
        Kind kind = scan(sql.charAt(i));
        if (kind != Kind.COMMENT) {
            last = start;
            lastEnd = at;
            lastKind = kind.number();
        }
        return kind;
    }

    /** {@return where the token ends that was read} */
    int end() {
        return at;
    }

    private Kind scan(char first) {
        return switch (first < ASCII ? BEGINS[first] : 0) {
            case WORD -> isPart() ? word() : wordOrText();
            case MARK -> symbol(1);
            default -> scanOther(first);
        };
    }

    private Kind scanOther(char first) {
        return switch (first) {
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> isPart() ? word() : number();
            case '.' -> dot();
            case '+', '=', '<', '>', '|', '!' -> operator(first);
            case '-' -> isNext('-') ? lineComment() : operator(first);
            case '/' -> isNext('*') ? blockComment() : symbol(1);
            case '\'', '"' -> quoted(Kind.STRING);
            case '`' -> quoted(Kind.QUOTED);
            case '#' -> lineComment();
            case '@' -> parameter();
            case '?' -> {
                at++;
                yield Kind.POSITIONAL;
            }
            case '$' -> {
                word();
                yield Kind.DOLLAR;
            }
            default -> unknown(first);
        };
    }

    /** Whether what begins here is a part of what stands before the dot before it. */
    private boolean isPart() {
        if (access < 0 || access != last) {
            return false;
        }
        part = start;
        return true;
    }

    private Kind dot() {
        boolean behindValue = isBehindValue();
        boolean digit = at + 1 < length && isDigit(sql.charAt(at + 1));
        if (digit && (!behindValue || isBehindKeyword())) {
            return number();
        }
        if (behindValue) {
            access = start;
        }
        return symbol(1);
    }

    private boolean isBehindValue() {
        return switch (Kind.numbered(lastKind)) {
            case WORD, QUOTED, PARAMETER, SYSTEM, POSITIONAL, STRING -> true;
            case SYMBOL -> sql.charAt(last) == ')' || sql.charAt(last) == ']';
            default -> false;
        };
    }

    private boolean isBehindKeyword() {
        return lastKind == Kind.WORD.number()
                && last != part
                && SqlWords.isReserved(SqlText.upper(sql.substring(last, lastEnd)));
    }

    private boolean isNext(char c) {
        return at + 1 < length && sql.charAt(at + 1) == c;
    }

    /** What begins here and the letters, digits and underscores that follow it. */
    private Kind word() {
        int i = at + 1;
        while (i < length && isWordPart(sql.charAt(i))) {
            i++;
        }
        at = i;
        return Kind.WORD;
    }

    /** A word, or a text if the word is a prefix of one. */
    private Kind wordOrText() {
        word();
        boolean prefix = at - start <= 2 && at < length && isQuote(sql.charAt(at));
        return prefix ? textOrWord(SqlText.lower(sql.substring(start, at))) : Kind.WORD;
    }

    private Kind textOrWord(String prefix) {
        return switch (prefix) {
            case "r" -> quoted(Kind.STRING);
            case "b", "br", "rb" -> quoted(Kind.BYTES);
            default -> Kind.WORD;
        };
    }

    /** A backslash and what follows it never end a text, not even a raw one. */
    private Kind quoted(Kind kind) {
        char quote = sql.charAt(at);
        boolean triple = kind != Kind.QUOTED && isTriple(at);
        int marks = triple ? 3 : 1;
        int i = at + marks;
        while (i < length) {
            char c = sql.charAt(i);
            if (c == quote && (!triple || isTriple(i))) {
                at = i + marks;
                return kind;
            }
            if (!triple && isLineEnd(c)) {
                at = i;
                return Kind.UNTERMINATED;
            }
            i += c == '\\' ? 2 : 1;
        }
        at = length;
        return Kind.UNTERMINATED;
    }

    private boolean isTriple(int i) {
        return i + 2 < length && sql.charAt(i + 1) == sql.charAt(i) && sql.charAt(i + 2) == sql.charAt(i);
    }

    private Kind lineComment() {
        int i = at;
        while (i < length && !isLineEnd(sql.charAt(i))) {
            i++;
        }
        at = i;
        return Kind.COMMENT;
    }

    private Kind blockComment() {
        int end = sql.indexOf("*/", at + 2);
        at = end < 0 ? length : end + 2;
        return end < 0 ? Kind.UNTERMINATED : Kind.COMMENT;
    }

    private Kind parameter() {
        boolean system = isNext('@');
        int name = at + (system ? 2 : 1);
        boolean quoted = name < length && sql.charAt(name) == '`';
        if (!quoted && (name >= length || !isWordStart(sql.charAt(name)))) {
            return symbol(1);
        }
        at = name;
        if (quoted && quoted(Kind.QUOTED) == Kind.UNTERMINATED) {
            return Kind.UNTERMINATED;
        }
        if (!quoted) {
            word();
        }
        return system ? Kind.SYSTEM : Kind.PARAMETER;
    }

    private Kind number() {
        if (sql.charAt(at) == '0' && at + 1 < length && (sql.charAt(at + 1) | 0x20) == 'x') {
            at += 2;
            while (at < length && Character.digit(sql.charAt(at), 16) >= 0) {
                at++;
            }
            return Kind.INTEGER;
        }
        Kind kind = Kind.INTEGER;
        digits();
        if (at < length && sql.charAt(at) == '.') {
            kind = Kind.FLOAT;
            at++;
            digits();
        }
        if (at < length && (sql.charAt(at) | 0x20) == 'e') {
            int exponent = at + 1;
            if (exponent < length && (sql.charAt(exponent) == '+' || sql.charAt(exponent) == '-')) {
                exponent++;
            }
            if (exponent < length && isDigit(sql.charAt(exponent))) {
                kind = Kind.FLOAT;
                at = exponent;
                digits();
            }
        }
        return kind;
    }

    private void digits() {
        while (at < length && isDigit(sql.charAt(at))) {
            at++;
        }
    }

    /** A symbol that begins as several do: the longest one. */
    private Kind operator(char first) {
        char next = at + 1 < length ? sql.charAt(at + 1) : ' ';
        boolean pair = switch (first) {
            case '<' -> next == '=' || next == '>' || next == '<';
            case '|' -> next == '>' || next == '|';
            case '>', '!', '+' -> next == '=';
            case '=' -> next == '>';
            default -> next == '>' || next == '=';
        };
        if (pair) {
            return symbol(first == '<' && sql.startsWith("=>", at + 1) ? 3 : 2);
        }
        return first == '!' ? unknown(first) : symbol(1);
    }

    private Kind symbol(int chars) {
        at += chars;
        return Kind.SYMBOL;
    }

    private Kind unknown(char first) {
        at++;
        if (Character.isHighSurrogate(first) && at < length && Character.isLowSurrogate(sql.charAt(at))) {
            at++;
        }
        return Kind.UNKNOWN;
    }

    static boolean isSpace(char c) {
        return c <= ' ' || c == '\u00a0' || (c > '\u007f' && Character.isSpaceChar(c));
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isWordStart(char c) {
        return c < ASCII && BEGINS[c] == WORD;
    }

    static boolean isWordPart(char c) {
        return c < ASCII && (BEGINS[c] & WORD_PART) != 0;
    }

    /** {@return whether a word, a number, or a symbol of one character begins with it} */
    static boolean beginsAnew(char c) {
        return c < ASCII && BEGINS[c] != 0;
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
