package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of words and signs that the lexer tells apart.
 *
 * <p>They are numbers and no enum because all that is done with them is to store and to compare them, once or more for
 * each token of a query: a switch over numbers needs no table of ordinals, and the garbage collector need not know.
 */
final class Token {

    static final int END_OF_INPUT = 0;
    /** Something that is no token; the lexer has reported it and gives nothing behind it. */
    static final int ERROR = 1;

    static final int COMMA = 2;
    static final int COLON = 3;
    static final int LEFT_PAREN = 4;
    static final int RIGHT_PAREN = 5;
    static final int LEFT_BRACE = 6;
    static final int RIGHT_BRACE = 7;
    static final int LEFT_BRACKET = 8;
    static final int RIGHT_BRACKET = 9;
    static final int STRING = 10;
    static final int NUMBER = 11;
    static final int DURATION = 12;
    static final int IDENTIFIER = 13;
    static final int METRIC_IDENTIFIER = 14;
    static final int TEMPLATE = 15;
    static final int EQL = 16;
    static final int EQL_REGEX = 17;
    static final int NEQ_REGEX = 18;
    static final int AT = 19;

    static final int ADD = 20;
    static final int SUB = 21;
    static final int MUL = 22;
    static final int DIV = 23;
    static final int MOD = 24;
    static final int POW = 25;
    static final int EQLC = 26;
    static final int NEQ = 27;
    static final int LSS = 28;
    static final int LTE = 29;
    static final int GTR = 30;
    static final int GTE = 31;
    static final int TRIM_UPPER = 32;
    static final int TRIM_LOWER = 33;
    static final int AND = 34;
    static final int OR = 35;
    static final int UNLESS = 36;
    static final int ATAN2 = 37;
    /** The first of the words that aggregate, which come in the order of {@link AggregateOp}. */
    private static final int FIRST_AGGREGATION = 38;

    static final int BY = 52;
    static final int WITHOUT = 53;
    static final int ON = 54;
    static final int IGNORING = 55;
    static final int GROUP_LEFT = 56;
    static final int GROUP_RIGHT = 57;
    static final int BOOL = 58;
    static final int OFFSET = 59;
    static final int FILL = 60;
    static final int FILL_LEFT = 61;
    static final int FILL_RIGHT = 62;
    static final int ANCHORED = 63;
    static final int SMOOTHED = 64;
    static final int START = 65;
    static final int END = 66;
    static final int STEP = 67;
    static final int RANGE = 68;
    static final int MAX_OF = 69;
    static final int MIN_OF = 70;

    /** How many kinds there are. */
    static final int KINDS = 71;

    private static final @Nullable String[] TEXTS = new String[KINDS];
    private static final @Nullable BinaryOp[] BINARY_OPS = new BinaryOp[KINDS];
    private static final @Nullable AggregateOp[] AGGREGATE_OPS = new AggregateOp[KINDS];
    private static final boolean[] METRIC_NAMES = new boolean[KINDS];
    private static final boolean[] STARTS = new boolean[KINDS];

    static {
        TEXTS[COMMA] = ",";
        TEXTS[COLON] = ":";
        TEXTS[LEFT_PAREN] = "(";
        TEXTS[RIGHT_PAREN] = ")";
        TEXTS[LEFT_BRACE] = "{";
        TEXTS[RIGHT_BRACE] = "}";
        TEXTS[LEFT_BRACKET] = "[";
        TEXTS[RIGHT_BRACKET] = "]";
        TEXTS[EQL] = "=";
        TEXTS[EQL_REGEX] = "=~";
        TEXTS[NEQ_REGEX] = "!~";
        TEXTS[AT] = "@";
        TEXTS[BY] = "by";
        TEXTS[WITHOUT] = "without";
        TEXTS[ON] = "on";
        TEXTS[IGNORING] = "ignoring";
        TEXTS[GROUP_LEFT] = "group_left";
        TEXTS[GROUP_RIGHT] = "group_right";
        TEXTS[BOOL] = "bool";
        TEXTS[OFFSET] = "offset";
        TEXTS[FILL] = "fill";
        TEXTS[FILL_LEFT] = "fill_left";
        TEXTS[FILL_RIGHT] = "fill_right";
        TEXTS[ANCHORED] = "anchored";
        TEXTS[SMOOTHED] = "smoothed";
        TEXTS[START] = "start";
        TEXTS[END] = "end";
        TEXTS[STEP] = "step";
        TEXTS[RANGE] = "range";
        TEXTS[MAX_OF] = "max_of";
        TEXTS[MIN_OF] = "min_of";
        operator(ADD, BinaryOp.ADD);
        operator(SUB, BinaryOp.SUB);
        operator(MUL, BinaryOp.MUL);
        operator(DIV, BinaryOp.DIV);
        operator(MOD, BinaryOp.MOD);
        operator(POW, BinaryOp.POW);
        operator(EQLC, BinaryOp.EQ);
        operator(NEQ, BinaryOp.NE);
        operator(LSS, BinaryOp.LT);
        operator(LTE, BinaryOp.LE);
        operator(GTR, BinaryOp.GT);
        operator(GTE, BinaryOp.GE);
        operator(TRIM_UPPER, BinaryOp.TRIM_UPPER);
        operator(TRIM_LOWER, BinaryOp.TRIM_LOWER);
        operator(AND, BinaryOp.AND);
        operator(OR, BinaryOp.OR);
        operator(UNLESS, BinaryOp.UNLESS);
        operator(ATAN2, BinaryOp.ATAN2);
        AggregateOp[] aggregateOps = AggregateOp.values();
        for (int i = 0; i < aggregateOps.length; i++) {
            TEXTS[FIRST_AGGREGATION + i] = aggregateOps[i].symbol();
            AGGREGATE_OPS[FIRST_AGGREGATION + i] = aggregateOps[i];
        }
        for (int kind = 0; kind < KINDS; kind++) {
            METRIC_NAMES[kind] = switch (kind) {
                case IDENTIFIER, METRIC_IDENTIFIER, TEMPLATE -> true;
                case ATAN2, BOOL, ON, IGNORING, GROUP_LEFT, GROUP_RIGHT -> false;
                default -> isWord(kind);
            };
            STARTS[kind] = switch (kind) {
                case STRING, NUMBER, DURATION, ADD, SUB, LEFT_PAREN, LEFT_BRACE -> true;
                default -> METRIC_NAMES[kind];
            };
        }
    }

    private Token() {}

    private static void operator(int kind, BinaryOp op) {
        TEXTS[kind] = op.symbol();
        BINARY_OPS[kind] = op;
    }

    /** {@return how the token is written, in lower case; null for tokens that have many forms} */
    static @Nullable String text(int kind) {
        return TEXTS[kind];
    }

    static @Nullable BinaryOp binaryOp(int kind) {
        return BINARY_OPS[kind];
    }

    static @Nullable AggregateOp aggregateOp(int kind) {
        return AGGREGATE_OPS[kind];
    }

    /** {@return whether this is a word with a meaning, such as {@code by}, {@code sum} or {@code start}} */
    static boolean isWord(int kind) {
        String text = TEXTS[kind];
        return text != null && Ascii.isAlpha(text.charAt(0));
    }

    /** {@return whether this word may be a metric name in front of braces} */
    static boolean isMetricName(int kind) {
        return METRIC_NAMES[kind];
    }

    /** {@return whether this word may be a label in {@code by (…)} and the like without quotes} */
    static boolean isGroupingLabel(int kind) {
        return switch (kind) {
            case IDENTIFIER, METRIC_IDENTIFIER, TEMPLATE -> true;
            case WITHOUT -> false;
            default -> isWord(kind);
        };
    }

    /** {@return whether an expression can start with this token} */
    static boolean startsExpression(int kind) {
        return STARTS[kind];
    }

    static boolean isFill(int kind) {
        return kind == FILL || kind == FILL_LEFT || kind == FILL_RIGHT;
    }

    /** {@return whether {@code name(…)} calls a function of that name although the name is a keyword} */
    static boolean isCallableKeyword(int kind, LanguageLevel level) {
        return switch (kind) {
            case START, END, STEP, RANGE, MAX_OF, MIN_OF -> level == LanguageLevel.PROMETHEUS_3_14;
            default -> false;
        };
    }
}
