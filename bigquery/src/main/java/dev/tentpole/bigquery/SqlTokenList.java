package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The tokens of a text, kept as numbers: a query has hundreds, and whoever goes through them wants to look at few. A token that is
 * taken out is made then.
 */
final class SqlTokenList extends AbstractList<SqlToken> implements RandomAccess {

    /** So many characters a token are expected. */
    private static final int CHARACTERS = 5;

    private final String sql;

    private byte[] kinds;
    private int[] starts;
    private int[] ends;
    private int size;

    /** Makes an empty list for all tokens of a text. */
    SqlTokenList(String sql) {
        this(sql, sql.length() / CHARACTERS + 8);
    }

    /** Makes an empty list for some tokens of a text, at least one. */
    SqlTokenList(String sql, int expected) {
        this.sql = sql;
        this.kinds = new byte[expected];
        this.starts = new int[expected];
        this.ends = new int[expected];
    }

    void add(Kind kind, int start, int end) {
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        kinds[size] = kind.number();
        starts[size] = start;
        ends[size] = end;
        size++;
    }

    Kind kind(int index) {
        return Kind.numbered(kinds[index]);
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    /** {@return whether the last token is the end of the text} */
    boolean isComplete() {
        return size > 0 && kind(size - 1) == Kind.END;
    }

    /** {@return the token as it is written} */
    String text(int index) {
        return sql.substring(starts[index], ends[index]);
    }

    /** {@return whether the token is the symbol of one character} */
    boolean isSymbol(int index, char symbol) {
        return kind(index) == Kind.SYMBOL && ends[index] - starts[index] == 1 && sql.charAt(starts[index]) == symbol;
    }

    @Override
    public SqlToken get(int index) {
        Objects.checkIndex(index, size);
        return new SqlToken(kind(index), starts[index], ends[index]);
    }

    @Override
    public int size() {
        return size;
    }
}
