package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads types, of which only the outermost name and the names of a struct's fields matter. */
final class SqlTypeParser {

    private final SqlCursor in;

    SqlTypeParser(SqlCursor in) {
        this.in = in;
    }

    /** Reads a type; returns the name of its outermost part in capitals. */
    String read() throws Confused {
        SqlToken name = in.take();
        if (name.kind() != Kind.WORD && name.kind() != Kind.QUOTED) {
            throw new Confused(name);
        }
        while (in.takeSymbol(".")) {
            in.take();
        }
        skipAngles();
        if (in.opens()) {
            in.skipGroup();
        }
        if (in.takeWord("COLLATE")) {
            in.take();
        }
        return SqlText.upper(in.name(name));
    }

    /** Takes what stands in angle brackets, if they begin here. */
    void skipAngles() {
        int open = 0;
        while (!in.atEnd()) {
            if (in.isSymbol("<")) {
                open++;
            } else if (in.isSymbol("<>") && open == 0) {
                in.take();
                return;
            } else if (in.isSymbol(">")) {
                open--;
            } else if (open == 0 || in.closes()) {
                return;
            } else if (in.opens()) {
                in.skipGroup();
                continue;
            }
            in.take();
            if (open == 0) {
                return;
            }
        }
    }

    /** The names of the fields of a struct's type, which follows; empty without a type. */
    List<String> structNames() {
        List<String> names = new ArrayList<>();
        if (in.takeSymbol("<>") || !in.isSymbol("<")) {
            return names;
        }
        int from = in.index();
        int open = 0;
        boolean first = true;
        do {
            if (in.isSymbol("<")) {
                open++;
            } else if (in.isSymbol(">")) {
                open--;
            } else if (in.opens()) {
                in.skipGroup();
                continue;
            }
            if (open == 1 && (in.isSymbol("<") || in.isSymbol(","))) {
                boolean named = in.peek(1).kind() == Kind.QUOTED
                        || (in.peek(1).kind() == Kind.WORD && in.peek(2).kind() == Kind.WORD);
                names.add(named ? in.name(in.peek(1)) : "");
                first = false;
            }
            in.take();
        } while (open > 0 && !in.atEnd() && !in.closes());
        if (first || open > 0) {
            in.moveTo(from);
        }
        return names;
    }
}
