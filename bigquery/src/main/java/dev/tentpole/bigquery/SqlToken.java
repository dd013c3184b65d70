package dev.tentpole.bigquery;

/**
 * A piece of a query: what it is and where it stands. Offsets count {@code char}s of the text, {@code end} is behind the
 * last one.
 */
record SqlToken(Kind kind, int start, int end) {

    /** What a token is. */
    enum Kind {
        /** A word without quotes: a keyword, or a name. */
        WORD,
        /** A name in backticks, which may be a whole path. */
        QUOTED,
        /** A text with any prefix and any quotes. */
        STRING,
        /** Bytes with any prefix and any quotes. */
        BYTES,
        /** A whole number, also a hexadecimal one. */
        INTEGER,
        /** A number with a point or an exponent. */
        FLOAT,
        /** {@code @name}. */
        PARAMETER,
        /** A question mark. */
        POSITIONAL,
        /** {@code @@name}. */
        SYSTEM,
        /** A dollar sign and the letters, digits and underscores that follow it: a macro or a variable, no SQL. */
        DOLLAR,
        /** An operator or a punctuation mark. */
        SYMBOL,
        /** From {@code --} or {@code #} to the end of its line, or from {@code /*} to its end. */
        COMMENT,
        /** Text, bytes, a name in backticks or a comment that lacks its end; reaches to where the reading stopped. */
        UNTERMINATED,
        /** A character that no query has outside of quotes. */
        UNKNOWN,
        /** Behind the last character. */
        END;

        private static final Kind[] ALL = values();

        /** {@return a number that stands for the kind while a query is read, which is written in less time than a reference} */
        @SuppressWarnings("EnumOrdinal") // It is kept no longer than the tokens are.
        byte number() {
            return (byte) ordinal();
        }

        /** {@return the kind for which a number stands} */
        static Kind numbered(byte number) {
            return ALL[number];
        }
    }

    /** {@return the token as it is written} */
    String text(String sql) {
        return sql.substring(start, end);
    }

    /** {@return whether this is the word, in whatever case} */
    boolean isWord(String sql, String word) {
        return kind == Kind.WORD
                && end - start == word.length()
                && sql.regionMatches(true, start, word, 0, word.length());
    }

    /** {@return whether this is the symbol} */
    boolean isSymbol(String sql, String symbol) {
        return kind == Kind.SYMBOL && end - start == symbol.length() && sql.startsWith(symbol, start);
    }
}
