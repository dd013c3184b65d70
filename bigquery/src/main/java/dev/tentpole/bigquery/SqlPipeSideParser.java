package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlCursor.Confused;
import dev.tentpole.bigquery.SqlStatement.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the steps of a pipe that have pipes or queries of their own, and those that write what comes through. */
final class SqlPipeSideParser {

    private final SqlCursor in;
    private final SqlParser queries;
    private final SqlPipeParser pipes;
    private SqlPipe.@Nullable Write written;
    private int writes;

    SqlPipeSideParser(SqlCursor in, SqlParser queries, SqlPipeParser pipes) {
        this.in = in;
        this.queries = queries;
        this.pipes = pipes;
    }

    /** The step that wrote something since the last call, without a target if there were several; null if there was none. */
    SqlPipe.@Nullable Write takeWritten() {
        SqlPipe.Write last = writes > 1 && written != null ? new SqlPipe.Write("INSERT", null) : written;
        written = null;
        writes = 0;
        return last;
    }

    /** Reads the step that begins here; null if it is of another kind. */
    @Nullable
    SqlPipe step() throws Confused {
        String word = in.word();
        if (word == null) {
            return null;
        }
        switch (word) {
            case "CALL" -> {
                in.take();
                return new SqlPipe.Call(queries.sources().call());
            }
            case "WITH" -> {
                return with();
            }
            case "ASSERT" -> {
                in.take();
                return new SqlPipe.Checks(exprs());
            }
            case "DESCRIBE" -> {
                // A text about the rows takes their place.
                in.take();
                return new SqlPipe.Branches(List.of(), true);
            }
            case "STATIC_DESCRIBE" -> {
                in.take();
                return new SqlPipe.Checks(List.of());
            }
            case "LOG", "TEE", "FORK" -> {
                in.take();
                return new SqlPipe.Branches(branches(), word.equals("FORK"));
            }
            case "IF" -> {
                return choice();
            }
            case "RECURSIVE" -> {
                in.take();
                return recursion();
            }
            case "INSERT", "CREATE", "EXPORT" -> {
                return write(word);
            }
            default -> {
                return null;
            }
        }
    }

    private SqlPipe with() throws Confused {
        in.take();
        boolean recursive = in.takeWord("RECURSIVE");
        List<SqlQuery.Cte> ctes = new ArrayList<>();
        do {
            if (pipes.ends()) {
                break;
            }
            ctes.add(queries.cte());
        } while (in.takeSymbol(","));
        return new SqlPipe.With(ctes, recursive);
    }

    private List<SqlExpr> exprs() throws Confused {
        List<SqlExpr> exprs = new ArrayList<>();
        do {
            if (pipes.ends()) {
                break;
            }
            exprs.add(queries.exprs().expr());
        } while (in.takeSymbol(","));
        return exprs;
    }

    private List<List<SqlPipe>> branches() throws Confused {
        List<List<SqlPipe>> branches = new ArrayList<>();
        do {
            if (pipes.ends()) {
                break;
            }
            branches.add(steps());
        } while (in.takeSymbol(","));
        return branches;
    }

    /** Reads a pipe in parentheses. */
    private List<SqlPipe> steps() throws Confused {
        if (!in.isClosed(in.index())) {
            // The pipe around it skips to the end, and none within it need do so again.
            throw in.confused();
        }
        in.enter();
        in.need("(");
        List<SqlPipe> steps = pipes.steps();
        in.need(")");
        in.leave();
        return steps;
    }

    private SqlPipe choice() throws Confused {
        List<SqlExpr> conditions = new ArrayList<>();
        List<List<SqlPipe>> branches = new ArrayList<>();
        while (in.takeWord("IF") || in.takeWord("ELSEIF")) {
            conditions.add(queries.exprs().expr());
            in.needWord("THEN");
            branches.add(steps());
        }
        branches.add(in.takeWord("ELSE") ? steps() : List.of());
        return new SqlPipe.Choice(conditions, branches);
    }

    private SqlPipe recursion() throws Confused {
        int start = in.token().start();
        if (!queries.startsSetOperation()) {
            throw in.confused();
        }
        SqlQuery.SetKind kind = queries.setKind();
        String depth = queries.depth();
        List<SqlPipe> steps = null;
        SqlQuery query = null;
        if (in.isSymbol("(") && (in.isSymbol(1, "|>") || in.isSymbol(1, ")"))) {
            steps = steps();
        } else if (in.isSymbol("(")) {
            query = queries.nested();
        } else {
            throw in.confused();
        }
        return new SqlPipe.Recursion(kind, depth, steps, query, queries.alias(), start, in.lastEnd());
    }

    private SqlPipe write(String kind) throws Confused {
        Target target = null;
        if (kind.equals("INSERT")) {
            SqlDmlParser dml = new SqlDmlParser(in, queries);
            target = dml.into();
            if (dml.tail(null)) {
                target = new Target(target.path(), true, target.start(), target.end());
            }
        } else {
            while (!pipes.ends()) {
                boolean table = in.takeWord("TABLE");
                if (table && in.takeWord("IF")) {
                    in.needWord("NOT");
                    in.needWord("EXISTS");
                }
                if (table && !in.isWord("FUNCTION")) {
                    target = new SqlDmlParser(in, queries).target(false);
                } else if (in.opens()) {
                    in.skipGroup();
                } else {
                    in.take();
                }
            }
        }
        writes++;
        written = new SqlPipe.Write(kind, target);
        return written;
    }
}
