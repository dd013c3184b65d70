package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/** The kinds of words and signs that the lexer tells apart. */
enum Token {
    END_OF_INPUT,
    /** Something that is no token; the lexer has reported it and gives nothing behind it. */
    ERROR,
    COMMA(","),
    COLON(":"),
    LEFT_PAREN("("),
    RIGHT_PAREN(")"),
    LEFT_BRACE("{"),
    RIGHT_BRACE("}"),
    LEFT_BRACKET("["),
    RIGHT_BRACKET("]"),
    STRING,
    NUMBER,
    DURATION,
    IDENTIFIER,
    METRIC_IDENTIFIER,
    TEMPLATE,
    EQL("="),
    EQL_REGEX("=~"),
    NEQ_REGEX("!~"),
    AT("@"),

    ADD(BinaryOp.ADD),
    SUB(BinaryOp.SUB),
    MUL(BinaryOp.MUL),
    DIV(BinaryOp.DIV),
    MOD(BinaryOp.MOD),
    POW(BinaryOp.POW),
    EQLC(BinaryOp.EQ),
    NEQ(BinaryOp.NE),
    LSS(BinaryOp.LT),
    LTE(BinaryOp.LE),
    GTR(BinaryOp.GT),
    GTE(BinaryOp.GE),
    TRIM_UPPER(BinaryOp.TRIM_UPPER),
    TRIM_LOWER(BinaryOp.TRIM_LOWER),
    AND(BinaryOp.AND),
    OR(BinaryOp.OR),
    UNLESS(BinaryOp.UNLESS),
    ATAN2(BinaryOp.ATAN2),

    SUM(AggregateOp.SUM),
    AVG(AggregateOp.AVG),
    COUNT(AggregateOp.COUNT),
    MIN(AggregateOp.MIN),
    MAX(AggregateOp.MAX),
    GROUP(AggregateOp.GROUP),
    STDDEV(AggregateOp.STDDEV),
    STDVAR(AggregateOp.STDVAR),
    TOPK(AggregateOp.TOPK),
    BOTTOMK(AggregateOp.BOTTOMK),
    COUNT_VALUES(AggregateOp.COUNT_VALUES),
    QUANTILE(AggregateOp.QUANTILE),
    LIMITK(AggregateOp.LIMITK),
    LIMIT_RATIO(AggregateOp.LIMIT_RATIO),

    BY("by"),
    WITHOUT("without"),
    ON("on"),
    IGNORING("ignoring"),
    GROUP_LEFT("group_left"),
    GROUP_RIGHT("group_right"),
    BOOL("bool"),
    OFFSET("offset"),
    FILL("fill"),
    FILL_LEFT("fill_left"),
    FILL_RIGHT("fill_right"),
    ANCHORED("anchored"),
    SMOOTHED("smoothed"),

    START("start"),
    END("end"),
    STEP("step"),
    RANGE("range"),
    MAX_OF("max_of"),
    MIN_OF("min_of");

    private final @Nullable String text;
    private final @Nullable BinaryOp binaryOp;
    private final @Nullable AggregateOp aggregateOp;

    Token() {
        this(null, null, null);
    }

    Token(String text) {
        this(text, null, null);
    }

    Token(BinaryOp op) {
        this(op.symbol(), op, null);
    }

    Token(AggregateOp op) {
        this(op.symbol(), null, op);
    }

    Token(@Nullable String text, @Nullable BinaryOp binaryOp, @Nullable AggregateOp aggregateOp) {
        this.text = text;
        this.binaryOp = binaryOp;
        this.aggregateOp = aggregateOp;
    }

    /** {@return how the token is written, in lower case; null for tokens that have many forms} */
    @Nullable
    String text() {
        return text;
    }

    @Nullable
    BinaryOp binaryOp() {
        return binaryOp;
    }

    @Nullable
    AggregateOp aggregateOp() {
        return aggregateOp;
    }

    /** {@return whether this is a word with a meaning, such as {@code by}, {@code sum} or {@code start}} */
    boolean isWord() {
        return text != null && Ascii.isAlpha(text.charAt(0));
    }

    /** {@return whether this word may be a metric name in front of braces} */
    boolean isMetricName() {
        return switch (this) {
            case IDENTIFIER, METRIC_IDENTIFIER, TEMPLATE -> true;
            case ATAN2, BOOL, ON, IGNORING, GROUP_LEFT, GROUP_RIGHT -> false;
            default -> isWord();
        };
    }

    /** {@return whether this word may be a label in {@code by (…)} and the like without quotes} */
    boolean isGroupingLabel() {
        return switch (this) {
            case IDENTIFIER, METRIC_IDENTIFIER, TEMPLATE -> true;
            case WITHOUT -> false;
            default -> isWord();
        };
    }

    /** {@return whether an expression can start with this token} */
    boolean startsExpression() {
        return switch (this) {
            case STRING, NUMBER, DURATION, ADD, SUB, LEFT_PAREN, LEFT_BRACE -> true;
            default -> isMetricName();
        };
    }

    /** {@return whether {@code name(…)} calls a function of that name although the name is a keyword} */
    boolean isCallableKeyword(LanguageLevel level) {
        return switch (this) {
            case START, END, STEP, RANGE, MAX_OF, MIN_OF -> level == LanguageLevel.PROMETHEUS_3_14;
            default -> false;
        };
    }
}
