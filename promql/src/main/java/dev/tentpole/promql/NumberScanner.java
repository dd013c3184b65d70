package dev.tentpole.promql;

/** Finds the end of numbers and durations, as Prometheus does. */
final class NumberScanner {

    private static final int END = -1;
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;

    private final String text;
    private int pos;

    NumberScanner(String text) {
        this.text = text;
    }

    /** {@return the place up to which was read} */
    int pos() {
        return pos;
    }

    private int peek() {
        return pos < text.length() ? text.charAt(pos) : END;
    }

    private boolean accept(char c) {
        if (peek() == c) {
            pos++;
            return true;
        }
        return false;
    }

    private boolean acceptExponentSign() {
        return accept('e') || accept('E');
    }

    private boolean acceptDigit(int base) {
        int c = peek();
        if (c >= 0 && c < 0x80 && Character.digit(c, base) >= 0) {
            pos++;
            return true;
        }
        return false;
    }

    /** Passes over a number as Prometheus does, and tells whether what was passed can be one. */
    boolean number(int start) {
        pos = start;
        int base = DECIMAL;
        if (accept('0') && (accept('x') || accept('X'))) {
            accept('_');
            base = HEXADECIMAL;
        }
        accept('.');
        acceptDigit(base);
        boolean sawDot = false;
        boolean sawExponent = false;
        while (true) {
            int c = peek();
            boolean exponent = c == 'e' || c == 'E';
            if ((c == '.' && sawDot) || (exponent && sawExponent)) {
                pos++;
                return false;
            }
            if (accept('.')) {
                sawDot = true;
                if (accept('_') || accept('.') || base == HEXADECIMAL) {
                    return false;
                }
            } else if (exponent) {
                pos++;
                sawExponent = true;
                if (!accept('+')) {
                    accept('-');
                }
                if (accept('.') || accept('_') || acceptExponentSign() || peek() == END) {
                    return false;
                }
            } else if (accept('_')) {
                if (accept('.') || accept('_') || acceptExponentSign() || peek() == END) {
                    return false;
                }
            } else if (acceptDigit(base)) {
                while (acceptDigit(base)) {
                    // The run of digits is passed by the condition.
                }
            } else {
                break;
            }
        }
        return !Ascii.isAlphaNumeric(peek());
    }

    private boolean acceptUnit(boolean first) {
        int c = peek();
        boolean unit = c == 's' || c == 'm' || c == 'h' || c == 'd' || c == 'w' || (c == 'y' && first);
        if (unit) {
            pos++;
            accept('s');
        }
        return unit;
    }

    /** Passes over the rest of a duration whose first digits were passed. */
    boolean duration() {
        if (!acceptUnit(true)) {
            return false;
        }
        while (acceptDigit(DECIMAL)) {
            while (acceptDigit(DECIMAL)) {
                // The run of digits is passed by the condition.
            }
            if (!acceptUnit(false)) {
                return false;
            }
        }
        if (Ascii.isAlphaNumeric(peek())) {
            pos++;
            return false;
        }
        return true;
    }

    /**
     * {@return where digits with at most one point among them end, -1 if something stands behind them that may belong to the number}
     *
     * @param signs the query as {@link Signs} has it
     */
    static int endOfPlainNumber(byte[] signs, int start) {
        int stop = endOfDigits(signs, start);
        boolean digits = stop > start;
        if (at(signs, stop) == '.') {
            stop = endOfDigits(signs, stop + 1);
        }
        int next = at(signs, stop);
        return digits && next != '.' && !Ascii.isAlphaNumeric(next) ? stop : -1;
    }

    /**
     * {@return where digits and a unit of one letter end, -1 if it is not that or something stands behind it that may belong to the
     * duration}
     *
     * @param signs the query as {@link Signs} has it
     */
    static int endOfPlainDuration(byte[] signs, int start) {
        int stop = endOfDigits(signs, start);
        boolean plain = stop > start && isUnit(at(signs, stop)) && !Ascii.isAlphaNumeric(at(signs, stop + 1));
        return plain ? stop + 1 : -1;
    }

    private static boolean isUnit(int c) {
        return switch (c) {
            case 's', 'm', 'h', 'd', 'w', 'y' -> true;
            default -> false;
        };
    }

    private static int endOfDigits(byte[] signs, int from) {
        int stop = from;
        while (Ascii.isDigit(at(signs, stop))) {
            stop++;
        }
        return stop;
    }

    private static int at(byte[] signs, int place) {
        return place < signs.length ? signs[place] : END;
    }
}
