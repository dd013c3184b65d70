package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlStatement.Control;
import dev.tentpole.bigquery.SqlStatement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads scripts statement by statement. The statements of blocks, branches and loops follow each other in the list; how many
 * conditions and loops are around each is counted.
 */
final class SqlStatementParser {

    private static final Set<String> CONTROL = Set.of(
            "BEGIN",
            "IF",
            "ELSEIF",
            "ELSE",
            "WHILE",
            "LOOP",
            "REPEAT",
            "UNTIL",
            "FOR",
            "END",
            "EXCEPTION",
            "CASE",
            "WHEN");

    /** Words that a query begins with. */
    private static final Set<String> READING = Set.of("WITH", "FROM", "TABLE");

    /** Statements of which it is known what they can do, even if they are not understood. */
    private static final Set<String> KNOWN = Set.of(
            "SELECT",
            "INSERT",
            "CREATE",
            "EXPORT",
            "DECLARE",
            "SET",
            "ASSERT",
            "TRUNCATE",
            "DROP",
            "ALTER",
            "GRANT",
            "REVOKE",
            "RAISE");

    /** The kind of what is behind the last statement that is told apart. */
    static final String REST = "SCRIPT";

    /** Scripts have some dozens of statements; what follows so many is not told apart. */
    private static final int MOST_STATEMENTS = 50_000;

    /** How far behind the first word of a statement the word {@code TABLE} may stand. */
    private static final int FURTHEST_NAME = 12;

    /** Procedures that are made within procedures, deeper than this, are not looked into. */
    private static final int DEEPEST_BODY = 16;

    private final SqlCursor in;
    private final SqlParser queries;
    private final SqlDmlParser dml;
    private int bodies;

    private SqlStatementParser(SqlCursor in) {
        this.in = in;
        queries = new SqlParser(in);
        dml = new SqlDmlParser(in, queries);
    }

    static List<SqlStatement> parse(String sql) {
        return new SqlStatementParser(new SqlCursor(sql)).script();
    }

    /**
     * The query of a view.
     *
     * @param place where its text is taken to begin
     */
    static SqlQuery query(String viewSql, int place) {
        for (SqlStatement statement : new SqlStatementParser(new SqlCursor(viewSql, place)).script()) {
            if (statement.query() != null) {
                return statement.query();
            }
        }
        int end = place + viewSql.length();
        SqlQuery.Body nothing = new SqlQuery.Unreadable(List.of(), place, end);
        return new SqlQuery(List.of(), false, nothing, List.of(), false, null, place, end);
    }

    private List<SqlStatement> script() {
        List<SqlStatement> statements = new ArrayList<>();
        while (!in.atEnd()) {
            if (in.takeSymbol(";")) {
                continue;
            }
            statements.add(statements.size() < MOST_STATEMENTS ? one() : rest());
        }
        return statements;
    }

    /** Everything that follows, of which nothing is known, as one statement. */
    private SqlStatement rest() {
        int from = in.index();
        int start = in.token().start();
        while (!in.atEnd()) {
            in.take();
        }
        SqlQuery query = unreadable(from, start, start);
        return new SqlStatement(REST, query, null, List.of(), Control.NONE, true, start, in.lastEnd());
    }

    private SqlStatement one() {
        label();
        int from = in.index();
        int start = in.token().start();
        String word = in.word();
        String kind = word == null || READING.contains(word) ? "SELECT" : word;
        try {
            SqlStatement statement = written(statement(kind, start));
            boolean opener = CONTROL.contains(kind);
            if (in.atEnd() || in.isSymbol(";") || opener) {
                return statement;
            }
        } catch (Confused e) {
            in.restoreDepth(0);
            queries.pipes().sides().takeWritten();
        }
        SqlToken at = in.token();
        in.moveTo(from);
        Control control = kind.equals("SET") ? Control.declaring(systemVariables()) : Control.NONE;
        skip();
        SqlQuery query = unreadable(from, start, at.start());
        // What is changed is billed too, and is not known; nor is what a statement of another kind does.
        boolean unread = !KNOWN.contains(kind);
        return new SqlStatement(kind, query, null, List.of(), control, unread, start, in.lastEnd());
    }

    /** Whether it is known what statements of this kind can do. */
    static boolean isKnown(String kind) {
        return KNOWN.contains(kind);
    }

    /** Takes the name of a loop or block that begins here. */
    private void label() {
        SqlToken name = in.token();
        boolean named = name.kind() == SqlToken.Kind.WORD || name.kind() == SqlToken.Kind.QUOTED;
        if (named && in.isSymbol(1, ":") && !in.isSymbol(2, ";")) {
            in.take();
            in.take();
        }
    }

    /** The same statement without what it reads, which then cannot be told. */
    static SqlStatement unread(SqlStatement of) {
        return new SqlStatement(of.kind(), null, of.target(), List.of(), of.control(), true, of.start(), of.end());
    }

    /** Skips to the end of the statement; at least one token. */
    private void skip() {
        do {
            if (in.opens()) {
                in.skipGroup();
            } else {
                in.take();
            }
        } while (!in.atEnd() && !in.isSymbol(";"));
    }

    private SqlStatement statement(String kind, int start) throws Confused {
        return switch (kind) {
            case "INSERT" -> dml.insert(start);
            case "UPDATE" -> dml.update(start);
            case "DELETE" -> dml.delete(start);
            case "MERGE" -> dml.merge(start);
            case "CREATE", "EXPORT" -> create(kind, start);
            case "TRUNCATE",
                    "DROP",
                    "ALTER",
                    "GRANT",
                    "REVOKE",
                    "LOAD",
                    "START",
                    "COMMIT",
                    "ROLLBACK",
                    "RETURN",
                    "BREAK",
                    "CONTINUE",
                    "LEAVE",
                    "ITERATE",
                    "UNDROP",
                    "ASSIGN" -> {
                Target named = written();
                Target target = named != null && isTemporary() ? named.ofSession() : named;
                Control control = kind.equals("ALTER") && has("RENAME") ? Control.RENAMING : Control.NONE;
                skip();
                yield new SqlStatement(kind, null, target, List.of(), control, false, start, in.lastEnd());
            }
            case "CALL", "EXECUTE", "CLONE" -> {
                skip();
                yield new SqlStatement(kind, null, null, List.of(), Control.NONE, true, start, in.lastEnd());
            }
            case "RAISE" -> raise(start);
            case "DECLARE" -> declare(start);
            case "SET", "ASSERT" -> set(kind, start);
            default -> CONTROL.contains(kind) ? control(kind, start) : reads(kind, queries.query(), start);
        };
    }

    private SqlStatement reads(String kind, SqlQuery query, int start) {
        return new SqlStatement(kind, query, null, List.of(), Control.NONE, false, start, in.lastEnd());
    }

    /** A statement with a pipe that writes a table changes that one; which ones it changes is not known if there are more. */
    private SqlStatement written(SqlStatement statement) {
        SqlPipe.Write write = queries.pipes().sides().takeWritten();
        if (write == null) {
            return statement;
        }
        boolean query = statement.kind().equals("SELECT");
        return new SqlStatement(
                query ? write.kind() : "INSERT",
                statement.query(),
                query ? write.target() : null,
                statement.exprs(),
                statement.control(),
                statement.unread(),
                statement.start(),
                statement.end());
    }

    /** The table whose name follows later in a statement that makes, empties, fills or drops one; null if there is none. */
    private @Nullable Target written() {
        int from = in.index();
        Target target = null;
        boolean policy = false;
        for (int i = 0; i < FURTHEST_NAME && target == null && !in.atEnd() && !in.isSymbol(";"); i++) {
            boolean table = (in.isWord("TABLE") || in.isWord("INTO") || in.isWord("OVERWRITE") || in.isWord("VIEW"))
                    && !in.isWord(1, "FUNCTION");
            policy |= in.isWord("POLICY");
            table |= policy && in.isWord("ON");
            in.take();
            if (table && !in.isWord("TABLE") && !in.isWord("TEMP") && !in.isWord("TEMPORARY")) {
                if (in.takeWord("IF")) {
                    in.takeWord("NOT");
                    in.takeWord("EXISTS");
                }
                try {
                    target = dml.target(false);
                } catch (Confused e) {
                    break;
                }
            }
        }
        in.moveTo(from);
        return target;
    }

    /** Whether a word stands in what follows of the statement. */
    private boolean has(String word) {
        int from = in.index();
        boolean found = false;
        while (!found && !in.atEnd() && !in.isSymbol(";")) {
            found = in.isWord(word);
            in.take();
        }
        in.moveTo(from);
        return found;
    }

    /** Whether the statement here makes something that is there for its session alone. */
    private boolean isTemporary() {
        for (int i = 1; i < FURTHEST_NAME; i++) {
            if (in.isWord(i, "TEMP") || in.isWord(i, "TEMPORARY")) {
                return in.isWord(i + 1, "TABLE");
            }
        }
        return false;
    }

    /** A table or an export made of a query; everything else that can be created reads nothing. */
    private SqlStatement create(String kind, int start) throws Confused {
        int from = in.index();
        Target named = written();
        Target target = named != null && isTemporary() ? named.ofSession() : named;
        boolean rows = false;
        boolean function = false;
        boolean view = false;
        boolean table = kind.equals("EXPORT");
        boolean stored = false;
        boolean model = false;
        boolean optional = false;
        while (!in.atEnd() && !in.isSymbol(";")) {
            view |= in.isWord("VIEW") || in.isWord("FUNCTION") || in.isWord("PROCEDURE");
            rows |= in.isWord("TABLE") && in.isWord(1, "FUNCTION");
            function |= in.isWord("FUNCTION") && !rows;
            if (function && in.isWord("EXTRACT") && in.isSymbol(1, "(")) {
                in.take();
                in.skipGroup();
                continue;
            }
            if (function && in.isWord("FROM") && !in.isWord(1, "UNNEST") && !in.isSymbol(1, "(")) {
                // What it reads is billed where it is called.
                skip();
                return new SqlStatement(kind, null, null, List.of(), Control.NONE, true, start, in.lastEnd());
            }
            stored |= in.isWord("MATERIALIZED") || in.isWord("MODEL");
            model |= in.isWord("MODEL");
            optional |= in.isWord("IF") && in.isWord(1, "NOT") && in.isWord(2, "EXISTS");
            table |= in.isWord("TABLE") && !in.isWord(1, "FUNCTION");
            boolean query = in.isWord(1, "SELECT")
                    || in.isWord(1, "WITH")
                    || in.isWord(1, "FROM")
                    || (in.isSymbol(1, "(") && !view);
            if (in.isWord("AS") && query && (table || stored) && !(view && !stored)) {
                in.take();
                SqlQuery made = queries.query();
                // What fills a materialized view may be another job.
                Control control = optional || view ? Control.OPTIONAL : Control.NONE;
                // A model is made in any number of passes, and has a price of its own.
                return new SqlStatement(kind, made, target, List.of(), control, model, start, in.lastEnd());
            }
            if (in.opens() && !function) {
                in.skipGroup();
            } else if (in.isWord("BEGIN") && view) {
                return procedure(kind, from, start);
            } else {
                in.take();
            }
        }
        return new SqlStatement(kind, null, target, List.of(), Control.NONE, false, start, in.lastEnd());
    }

    /** A procedure, whose body is a block; what lacks its end may be anything, and is not read again. */
    private SqlStatement procedure(String kind, int from, int start) {
        int open = 0;
        bodies++;
        do {
            in.takeSymbol(";");
            if (bodies > DEEPEST_BODY) {
                open = 1;
                in.take();
            } else if (!in.atEnd()) {
                open += one().control().blocks();
            }
        } while (open > 0 && !in.atEnd());
        bodies--;
        while (!in.atEnd() && !in.isSymbol(";")) {
            in.take();
        }
        SqlQuery query = open > 0 && bodies == 0 ? unreadable(from, start, start) : null;
        return new SqlStatement(kind, query, null, List.of(), Control.NONE, false, start, in.lastEnd());
    }

    /** What was not understood, up to here. */
    private SqlQuery unreadable(int from, int start, int at) {
        SqlQuery.Body body = new SqlQuery.Unreadable(in.names(from, in.index()), at, in.lastEnd());
        return new SqlQuery(List.of(), false, body, List.of(), false, null, start, in.lastEnd());
    }

    private SqlStatement declare(int start) throws Confused {
        in.take();
        List<String> names = new ArrayList<>();
        do {
            names.add(in.name(in.take()));
        } while (in.takeSymbol(","));
        List<SqlExpr> values = new ArrayList<>();
        while (!in.atEnd() && !in.isSymbol(";")) {
            if (in.takeWord("DEFAULT")) {
                values.add(queries.exprs().expr());
            } else if (in.opens()) {
                in.skipGroup();
            } else {
                in.take();
            }
        }
        Control control = Control.declaring(names);
        return new SqlStatement("DECLARE", null, null, values, control, false, start, in.lastEnd());
    }

    private SqlStatement raise(int start) throws Confused {
        in.take();
        List<SqlExpr> message = new ArrayList<>();
        if (in.takeWord("USING")) {
            in.needWord("MESSAGE");
            in.need("=");
            message.add(queries.exprs().expr());
        }
        return new SqlStatement("RAISE", null, null, message, Control.NONE, false, start, in.lastEnd());
    }

    /** The system variables that a statement sets, in small letters. */
    private List<String> systemVariables() {
        int from = in.index();
        List<String> names = new ArrayList<>();
        while (!in.atEnd() && !in.isSymbol(";") && !in.isSymbol("=")) {
            SqlToken token = in.take();
            if (token.kind() == SqlToken.Kind.SYSTEM) {
                names.add(SqlText.lower(in.text(token)).replace("`", ""));
            }
        }
        in.moveTo(from);
        return names;
    }

    private SqlStatement set(String kind, int start) throws Confused {
        List<String> system = kind.equals("SET") ? systemVariables() : List.of();
        in.take();
        if (kind.equals("SET")) {
            while (!in.atEnd() && !in.isSymbol(";") && !in.takeSymbol("=")) {
                in.take();
            }
        }
        List<SqlExpr> values = List.of(queries.exprs().expr());
        if (in.takeWord("AS")) {
            in.take();
        }
        Control control = Control.declaring(system);
        return new SqlStatement(kind, null, null, values, control, false, start, in.lastEnd());
    }

    private SqlStatement control(String kind, int start) throws Confused {
        in.take();
        List<SqlExpr> exprs = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int conditions = 0;
        int loops = 0;
        int blocks = 0;
        SqlQuery query = null;
        switch (kind) {
            case "IF" -> {
                exprs.add(queries.exprs().expr());
                in.needWord("THEN");
                conditions = 1;
            }
            case "CASE" -> {
                if (!in.isWord("WHEN")) {
                    exprs.add(queries.exprs().expr());
                }
                conditions = 1;
            }
            case "ELSEIF", "WHEN" -> {
                exprs.add(queries.exprs().expr());
                in.needWord("THEN");
            }
            case "WHILE" -> {
                exprs.add(queries.exprs().expr());
                in.needWord("DO");
                loops = 1;
            }
            case "UNTIL" -> exprs.add(queries.exprs().expr());
            case "LOOP", "REPEAT" -> loops = 1;
            case "FOR" -> {
                names.add(in.name(in.take()));
                in.needWord("IN");
                query = queries.nested();
                in.needWord("DO");
                loops = 1;
            }
            case "END" -> {
                conditions = in.isWord("IF") || in.isWord("CASE") ? -1 : 0;
                loops = in.isWord("WHILE") || in.isWord("LOOP") || in.isWord("REPEAT") || in.isWord("FOR") ? -1 : 0;
                if (conditions + loops != 0) {
                    in.take();
                } else {
                    blocks = -1;
                }
                boolean last = in.isSymbol(1, ";") || in.peek(1).kind() == SqlToken.Kind.END;
                if (last && !in.isSymbol(";")) {
                    // The name of the loop or block.
                    in.take();
                }
            }
            case "EXCEPTION" -> {
                in.needWord("WHEN");
                in.needWord("ERROR");
                in.needWord("THEN");
            }
            case "BEGIN" -> {
                if (in.isWord("TRANSACTION") || in.isWord("READ") || in.isWord("ISOLATION")) {
                    skip();
                } else {
                    blocks = in.atEnd() || in.isSymbol(";") ? 0 : 1;
                }
            }
            default -> {
                // ELSE has nothing of its own.
            }
        }
        Control control = new Control(names, conditions, loops, blocks, false, false);
        return new SqlStatement(kind, query, null, exprs, control, false, start, in.lastEnd());
    }
}
