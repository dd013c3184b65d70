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
    private final byte[] signs;
    private final int length;
    private final boolean templates;
    private final LanguageLevel level;
    private final boolean newest;

    private int kind = Token.END_OF_INPUT;
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
        this.signs = source.signs();
        this.length = signs.length;
        this.templates = options.templates();
        this.level = options.level();
        this.newest = level == LanguageLevel.PROMETHEUS_3_14;
    }

    /** {@return what the current token is} */
    int kind() {
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

    /** {@return the ASCII character at a place, {@link #END} behind the last one, or {@link Signs#OTHER}} */
    private int at(int place) {
        return place < length ? signs[place] : END;
    }

    /** Goes on to the next token. */
    void advance() {
        if (kind == Token.ERROR) {
            return;
        }
        flawed = false;
        int c = at(pos);
        if (c <= ' ' || c == '#') {
            c = skipBlanks();
        }
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
            int c = at(pos);
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
        while (pos < length && signs[pos] != '\n' && signs[pos] != '\r') {
            pos++;
        }
    }

    private void emit(int token, int size) {
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
        if (Ascii.isAlpha(c) && !inBrackets) {
            word(true);
            return;
        }
        switch (c) {
            case ',' -> emit(Token.COMMA, 1);
            case '*' -> emit(Token.MUL, 1);
            case '/' -> emit(Token.DIV, 1);
            case '%' -> emit(Token.MOD, 1);
            case '+' -> emit(Token.ADD, 1);
            case '-' -> emit(Token.SUB, 1);
            case '^' -> emit(Token.POW, 1);
            case '@' -> emit(Token.AT, 1);
            case '=' -> equal();
            case '!' -> not();
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
            case ']' -> rightBracket();
            case END -> endOfInput();
            default -> wordOrNumber(c);
        }
    }

    private void equal() {
        int second = at(pos + 1);
        if (second == '=') {
            emit(Token.EQLC, 2);
        } else if (second == '~') {
            fail("unexpected character after '=': '~'", start, Hints.REGEX_OUTSIDE_BRACES);
        } else {
            emit(Token.EQL, 1);
        }
    }

    private void not() {
        int second = at(pos + 1);
        if (second == '=') {
            emit(Token.NEQ, 2);
        } else {
            fail(
                    "unexpected character after '!': " + (second == END ? "end of input" : quoted(pos + 1)),
                    start,
                    second == '~' ? Hints.REGEX_OUTSIDE_BRACES : Hints.NO_NOT);
        }
    }

    private void comparison(int plain, int orEqual, int trim) {
        int second = at(pos + 1);
        if (second == '=') {
            emit(orEqual, 2);
        } else if (second == '/' && newest) {
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

    private void rightBracket() {
        if (inBrackets) {
            inBrackets = false;
            emit(Token.RIGHT_BRACKET, 1);
        } else {
            fail("unexpected right bracket ']'");
        }
    }

    private void wordOrNumber(int c) {
        if (Ascii.isDigit(c) || (c == '.' && Ascii.isDigit(at(pos + 1)))) {
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

    private void endOfInput() {
        if (parenDepth != 0) {
            fail("unclosed left parenthesis");
        } else if (inBrackets) {
            fail("unclosed left bracket");
        } else {
            emit(Token.END_OF_INPUT, 0);
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
                if (Ascii.isDigit(c) || (c == '.' && Ascii.isDigit(at(pos + 1)))) {
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
        if (!newest || !Ascii.isAlpha(at(pos))) {
            return false;
        }
        int stop = pos;
        while (Ascii.isAlpha(at(stop))) {
            stop++;
        }
        int word = Words.keyword(signs, pos, stop);
        switch (word) {
            case Token.STEP, Token.RANGE, Token.MAX_OF, Token.MIN_OF -> {
                emit(word, stop - pos);
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private void insideBraces(int c) {
        if (Ascii.isAlpha(c)) {
            nameInBraces();
            return;
        }
        switch (c) {
            case ',' -> emit(Token.COMMA, 1);
            case '"', '\'', '`' -> string();
            case '=' -> {
                boolean regex = at(pos + 1) == '~';
                emit(regex ? Token.EQL_REGEX : Token.EQL, regex ? 2 : 1);
            }
            case '!' -> notInBraces();
            case '}' -> {
                inBraces = false;
                emit(Token.RIGHT_BRACE, 1);
            }
            default -> unusualInBraces(c);
        }
    }

    private void notInBraces() {
        int second = at(pos + 1);
        if (second == '~') {
            emit(Token.NEQ_REGEX, 2);
        } else if (second == '=') {
            emit(Token.NEQ, 2);
        } else {
            fail("unexpected character after '!' inside braces: " + (second == END ? "end of input" : quoted(pos + 1)));
        }
    }

    private void unusualInBraces(int c) {
        if (c == END) {
            fail("unexpected end of input inside braces");
        } else if (c == '{') {
            fail("unexpected left brace '{'");
        } else if (templates && Templates.end(text, pos) > 0) {
            template(pos, false);
        } else {
            fail("unexpected character inside braces: " + quoted(pos), start, Hints.characterInBraces(text, pos));
        }
    }

    private void nameInBraces() {
        int stop = Signs.endOfName(signs, pos);
        if (templates && Templates.end(text, stop) > 0) {
            template(stop, false);
        } else {
            emit(Token.IDENTIFIER, stop - pos);
        }
    }

    /** Reads a name or a keyword, or a word with template variables. */
    private void word(boolean colons) {
        int stop = Signs.endOfName(signs, pos);
        boolean hasColon = colons && at(stop) == ':';
        while (colons && at(stop) == ':') {
            stop = Signs.endOfName(signs, stop + 1);
        }
        if (templates && Templates.end(text, stop) > 0) {
            template(stop, colons);
            return;
        }
        if (hasColon) {
            emit(Token.METRIC_IDENTIFIER, stop - pos);
            return;
        }
        int word = Words.keyword(signs, pos, stop);
        emit(word, stop - pos);
        if (word != Token.IDENTIFIER && !(Words.isKnown(word, level) && (!Token.isFill(word) || parenFollows()))) {
            kind = Token.IDENTIFIER;
        }
    }

    private boolean parenFollows() {
        int place = pos;
        while (Ascii.isSpace(at(place))) {
            place++;
        }
        return at(place) == '(';
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
        int quote = signs[start];
        int stop = Signs.endOfPlainText(signs, start + 1, quote);
        if (at(stop) == quote) {
            escaped = false;
            emit(Token.STRING, stop + 1 - start);
        } else {
            unusualString();
        }
    }

    private void unusualString() {
        StringScanner strings = new StringScanner(text);
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
        int number = NumberScanner.endOfPlainNumber(signs, start);
        int duration = number < 0 ? NumberScanner.endOfPlainDuration(signs, start) : -1;
        if (number >= 0) {
            emit(Token.NUMBER, number - start);
        } else if (duration >= 0) {
            emit(Token.DURATION, duration - start);
        } else {
            unusualNumber();
        }
    }

    private void unusualNumber() {
        NumberScanner numbers = new NumberScanner(text);
        boolean number = numbers.number(start);
        boolean duration = !number && numbers.duration();
        pos = numbers.pos();
        if (number || duration) {
            emit(number ? Token.NUMBER : Token.DURATION, 0);
            return;
        }
        flaw("bad number or duration syntax: " + Hints.quote(text.substring(start, pos)), Hints.number(text, start));
        while (Ascii.isAlphaNumeric(at(pos)) || at(pos) == '.') {
            pos++;
        }
        emit(Token.NUMBER, 0);
    }
}
