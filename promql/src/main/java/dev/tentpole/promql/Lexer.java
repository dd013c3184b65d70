package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/**
 * Cuts a query into tokens, one at a time and without objects for them: the current token is in {@link #kind},
 * {@link #start} and {@link #end}.
 *
 * <p>PromQL has three ways of reading. In braces there are no keywords. In brackets, until the first number, there are
 * only durations and what they are calculated with. Everywhere else there is everything; and behind a number in
 * brackets, everything but names.
 *
 * <p>A sign that belongs nowhere ends the input: it is reported, and from then on the token is {@link Token#ERROR}. A
 * number or a text that is broken is reported too, but stands as a token for what it was meant to be, and is
 * {@link #flawed}.
 */
final class Lexer {

    private static final int END = -1;

    private final Source source;
    private final String text;
    private final int length;
    private final boolean templates;
    private final LanguageLevel level;
    private final boolean newest;
    private final StringScanner strings;
    private final NumberScanner numbers;

    private Token kind = Token.END_OF_INPUT;
    private int start;
    private int end;
    private boolean flawed;
    private boolean escaped;

    private int pos;
    private int parenDepth;
    private boolean inBraces;
    private boolean inBrackets;
    private boolean inDuration;
    private boolean sawColon;
    private boolean sawDuration;
    private boolean skipping;

    Lexer(Source source, ParseOptions options) {
        this.source = source;
        this.text = source.text();
        this.length = text.length();
        this.templates = options.templates();
        this.level = options.level();
        this.newest = level == LanguageLevel.PROMETHEUS_3_14;
        this.strings = new StringScanner(source);
        this.numbers = new NumberScanner(text);
    }

    /** {@return what the current token is} */
    Token kind() {
        return kind;
    }

    /** {@return where the current token starts} */
    int start() {
        return start;
    }

    /** {@return where the current token ends} */
    int end() {
        return end;
    }

    /** {@return whether the current token is a number or a text whose value cannot be known} */
    boolean flawed() {
        return flawed;
    }

    /** {@return whether the current token is a text with escapes in it} */
    boolean escaped() {
        return escaped;
    }

    String tokenText() {
        return text.substring(start, end);
    }

    /** Says whether tokens are passed over because of a problem that was reported; then nothing is said of what is unclosed. */
    void skipping(boolean now) {
        skipping = now;
    }

    /** {@return whether a bracket is open} */
    boolean inBrackets() {
        return inBrackets;
    }

    /** Goes on as if no bracket were open. */
    void leaveBrackets() {
        inBrackets = false;
        inDuration = false;
        sawColon = false;
    }

    private int peek() {
        return pos < length ? text.charAt(pos) : END;
    }

    private int peek(int ahead) {
        return pos + ahead < length ? text.charAt(pos + ahead) : END;
    }

    /** Goes on to the next token. */
    void advance() {
        if (kind == Token.ERROR) {
            return;
        }
        flawed = false;
        int c = skipBlanks();
        start = pos;
        if (inBraces) {
            insideBraces(c);
        } else if (inDuration) {
            insideBrackets(c);
        } else {
            statement(c);
        }
    }

    /** Skips white space, and comments where there can be some, and returns what follows. */
    private int skipBlanks() {
        while (true) {
            int c = peek();
            if (Ascii.isSpace(c)) {
                pos++;
            } else if (c == '#' && !inDuration) {
                skipComment();
            } else {
                return c;
            }
        }
    }

    private void skipComment() {
        while (pos < length) {
            char c = text.charAt(pos);
            if (c == '\n' || c == '\r') {
                return;
            }
            if (c >= 0x80) {
                source.sawNonAscii();
            }
            pos++;
        }
    }

    private void emit(Token token, int size) {
        pos += size;
        kind = token;
        end = pos;
    }

    private void fail(String message) {
        fail(message, start, null);
    }

    private void fail(String message, int from, @Nullable String hint) {
        start = from;
        end = length;
        kind = Token.ERROR;
        if (!skipping || !isOfStructure()) {
            source.syntax(message, from, length, hint);
        }
    }

    /** {@return whether what stands here opens or closes something, as the end of the text does} */
    private boolean isOfStructure() {
        return pos == length || "()[]{}".indexOf(text.charAt(pos)) >= 0;
    }

    private String quoted(int at) {
        return Hints.quoteRune(text.codePointAt(at));
    }

    private void statement(int c) {
        switch (c) {
            case END -> {
                if (parenDepth != 0) {
                    fail("unclosed left parenthesis");
                } else if (inBrackets) {
                    fail("unclosed left bracket");
                } else {
                    emit(Token.END_OF_INPUT, 0);
                }
            }
            case ',' -> emit(Token.COMMA, 1);
            case '*' -> emit(Token.MUL, 1);
            case '/' -> emit(Token.DIV, 1);
            case '%' -> emit(Token.MOD, 1);
            case '+' -> emit(Token.ADD, 1);
            case '-' -> emit(Token.SUB, 1);
            case '^' -> emit(Token.POW, 1);
            case '@' -> emit(Token.AT, 1);
            case '=' -> {
                if (peek(1) == '=') {
                    emit(Token.EQLC, 2);
                } else if (peek(1) == '~') {
                    fail("unexpected character after '=': '~'", start, Hints.REGEX_OUTSIDE_BRACES);
                } else {
                    emit(Token.EQL, 1);
                }
            }
            case '!' -> {
                if (peek(1) == '=') {
                    emit(Token.NEQ, 2);
                } else {
                    fail(
                            "unexpected character after '!': " + (peek(1) == END ? "end of input" : quoted(pos + 1)),
                            start,
                            peek(1) == '~' ? Hints.REGEX_OUTSIDE_BRACES : Hints.NO_NOT);
                }
            }
            case '<' -> comparison(Token.LSS, Token.LTE, Token.TRIM_UPPER);
            case '>' -> comparison(Token.GTR, Token.GTE, Token.TRIM_LOWER);
            case '"', '\'', '`' -> string();
            case '(' -> {
                parenDepth++;
                emit(Token.LEFT_PAREN, 1);
            }
            case ')' -> rightParen();
            case '{' -> {
                inBraces = true;
                emit(Token.LEFT_BRACE, 1);
            }
            case '[' -> leftBracket();
            case ']' -> {
                if (inBrackets) {
                    inBrackets = false;
                    emit(Token.RIGHT_BRACKET, 1);
                } else {
                    fail("unexpected right bracket ']'");
                }
            }
            default -> wordOrNumber(c);
        }
    }

    private void comparison(Token plain, Token orEqual, Token trim) {
        if (peek(1) == '=') {
            emit(orEqual, 2);
        } else if (peek(1) == '/' && newest) {
            emit(trim, 2);
        } else {
            emit(plain, 1);
        }
    }

    private void rightParen() {
        if (--parenDepth < 0) {
            fail("unexpected right parenthesis ')'", pos + 1, null);
        } else {
            emit(Token.RIGHT_PAREN, 1);
        }
    }

    private void leftBracket() {
        if (templates && Templates.end(text, pos) > 0) {
            word(!inBrackets);
            sawDuration |= inBrackets;
        } else if (inBrackets) {
            fail("unexpected left bracket '['");
        } else {
            sawColon = false;
            inBrackets = true;
            inDuration = true;
            emit(Token.LEFT_BRACKET, 1);
        }
    }

    private void wordOrNumber(int c) {
        if (Ascii.isDigit(c) || (c == '.' && Ascii.isDigit(peek(1)))) {
            numberOrDuration();
        } else if (c == '$' && templates && Templates.end(text, pos) > 0) {
            word(!inBrackets);
            sawDuration |= inBrackets;
        } else if (!Ascii.isAlpha(c) && c != ':') {
            fail("unexpected character: " + quoted(pos), start, Hints.character(text, pos));
        } else if (!inBrackets) {
            word(true);
        } else if (c == ':') {
            if (sawColon) {
                fail("unexpected colon ':'");
            } else {
                sawColon = true;
                emit(Token.COLON, 1);
            }
        } else if (!durationKeyword()) {
            fail("unexpected character: " + quoted(start) + ", expected ':'", start, Hints.durationUnit(text, start));
        }
    }

    /** Reads in brackets, before the first number. */
    private void insideBrackets(int c) {
        switch (c) {
            case END -> fail("unexpected end of input in duration expression");
            case ']' -> {
                leaveBrackets();
                emit(Token.RIGHT_BRACKET, 1);
            }
            case ':' -> {
                if (!sawDuration) {
                    fail("unexpected colon before duration in duration expression", pos + 1, null);
                } else if (sawColon) {
                    fail("unexpected repeated colon in duration expression", pos + 1, null);
                } else {
                    sawColon = true;
                    emit(Token.COLON, 1);
                }
            }
            case '(' -> {
                parenDepth++;
                emit(Token.LEFT_PAREN, 1);
            }
            case ')' -> rightParen();
            case '+' -> emit(Token.ADD, 1);
            case '-' -> emit(Token.SUB, 1);
            case '*' -> emit(Token.MUL, 1);
            case '/' -> emit(Token.DIV, 1);
            case '%' -> emit(Token.MOD, 1);
            case '^' -> emit(Token.POW, 1);
            default -> {
                if (Ascii.isDigit(c) || (c == '.' && Ascii.isDigit(peek(1)))) {
                    sawDuration = true;
                    inDuration = false;
                    numberOrDuration();
                } else if (templates && Templates.end(text, pos) > 0) {
                    sawDuration = true;
                    inDuration = false;
                    word(false);
                } else if (c == ',' && newest) {
                    emit(Token.COMMA, 1);
                } else if (!durationKeyword()) {
                    fail(
                            "unexpected character in duration expression: " + quoted(start),
                            start,
                            Hints.character(text, start));
                }
            }
        }
    }

    /** Reads {@code step} and the like; goes nowhere if something else stands there. */
    private boolean durationKeyword() {
        if (!newest || !Ascii.isAlpha(peek())) {
            return false;
        }
        int stop = pos;
        while (stop < length && Ascii.isAlpha(text.charAt(stop))) {
            stop++;
        }
        Token word = Words.keyword(text, pos, stop);
        switch (word) {
            case STEP, RANGE, MAX_OF, MIN_OF -> {
                emit(word, stop - pos);
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private void insideBraces(int c) {
        switch (c) {
            case END -> fail("unexpected end of input inside braces");
            case ',' -> emit(Token.COMMA, 1);
            case '"', '\'', '`' -> string();
            case '=' -> {
                if (peek(1) == '~') {
                    emit(Token.EQL_REGEX, 2);
                } else {
                    emit(Token.EQL, 1);
                }
            }
            case '!' -> {
                if (peek(1) == '~') {
                    emit(Token.NEQ_REGEX, 2);
                } else if (peek(1) == '=') {
                    emit(Token.NEQ, 2);
                } else {
                    fail("unexpected character after '!' inside braces: "
                            + (peek(1) == END ? "end of input" : quoted(pos + 1)));
                }
            }
            case '{' -> fail("unexpected left brace '{'");
            case '}' -> {
                inBraces = false;
                emit(Token.RIGHT_BRACE, 1);
            }
            default -> {
                if (Ascii.isAlpha(c)) {
                    nameInBraces();
                } else if (templates && Templates.end(text, pos) > 0) {
                    template(pos, false);
                } else {
                    fail(
                            "unexpected character inside braces: " + quoted(pos),
                            start,
                            Hints.characterInBraces(text, pos));
                }
            }
        }
    }

    private void nameInBraces() {
        int stop = pos + 1;
        while (stop < length && Ascii.isAlphaNumeric(text.charAt(stop))) {
            stop++;
        }
        if (templates && Templates.end(text, stop) > 0) {
            template(stop, false);
        } else {
            emit(Token.IDENTIFIER, stop - pos);
        }
    }

    /** Reads a name or a keyword, or a word with template variables. */
    private void word(boolean colons) {
        int stop = pos;
        boolean hasColon = false;
        while (stop < length) {
            char c = text.charAt(stop);
            if (!Ascii.isAlphaNumeric(c)) {
                if (c != ':' || !colons) {
                    break;
                }
                hasColon = true;
            }
            stop++;
        }
        if (templates && Templates.end(text, stop) > 0) {
            template(stop, colons);
            return;
        }
        if (hasColon) {
            emit(Token.METRIC_IDENTIFIER, stop - pos);
            return;
        }
        Token word = Words.keyword(text, pos, stop);
        boolean known = word == Token.IDENTIFIER || Words.isKnown(word, level);
        emit(known ? word : Token.IDENTIFIER, stop - pos);
        if ((word == Token.FILL || word == Token.FILL_LEFT || word == Token.FILL_RIGHT) && !parenFollows()) {
            kind = Token.IDENTIFIER;
        }
    }

    private boolean parenFollows() {
        int at = pos;
        while (at < length && Ascii.isSpace(text.charAt(at))) {
            at++;
        }
        return at < length && text.charAt(at) == '(';
    }

    /** Reads a word with template variables in it, of which the part up to a place was read. */
    private void template(int read, boolean colons) {
        int stop = read;
        while (stop < length) {
            int variable = Templates.end(text, stop);
            char c = text.charAt(stop);
            if (variable > 0) {
                stop = variable;
            } else if (Ascii.isAlphaNumeric(c) || (c == ':' && colons)) {
                stop++;
            } else {
                break;
            }
        }
        pos = start;
        emit(Token.TEMPLATE, stop - start);
    }

    private void string() {
        int stop = strings.scan(start);
        escaped = strings.escaped();
        String flaw = strings.flaw();
        if (flaw != null) {
            flaw(flaw, strings.hint());
        }
        if (stop < 0) {
            fail(strings.end());
        } else {
            emit(Token.STRING, stop - pos);
        }
    }

    /** Reports a fault in a number or a text, once. */
    private void flaw(String message, @Nullable String hint) {
        if (!flawed) {
            flawed = true;
            source.syntax(message, start, length, hint);
        }
    }

    private void numberOrDuration() {
        int stop = templates ? Templates.numberEnd(text, start) : start;
        if (templates && Templates.end(text, stop) > 0) {
            template(stop, !inBrackets);
            return;
        }
        boolean number = numbers.number(start);
        boolean duration = !number && numbers.duration();
        pos = numbers.pos();
        if (number || duration) {
            emit(number ? Token.NUMBER : Token.DURATION, 0);
            return;
        }
        flaw("bad number or duration syntax: " + Hints.quote(text.substring(start, pos)), Hints.number(text, start));
        while (Ascii.isAlphaNumeric(peek()) || peek() == '.') {
            pos++;
        }
        emit(Token.NUMBER, 0);
    }
}
