package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One query being expanded: its tokens are walked once, everything but macros and variables is copied as it is. Used by one
 * thread.
 */
final class MacroExpansion {

    private final String sql;
    private final MacroContext context;
    private final List<SqlToken> tokens;
    private final Map<String, SqlParameter> parameters = new LinkedHashMap<>();
    private final MacroTimes times;
    private final MacroVariables variables;

    MacroExpansion(MacroEngine engine, String sql, MacroContext context) {
        this.sql = sql;
        this.context = context;
        this.tokens = SqlLexer.all(sql);
        this.times = new MacroTimes(engine, context, this);
        this.variables = new MacroVariables(engine, context, this);
    }

    MacroQuery expand() {
        StringBuilder out = new StringBuilder(sql.length() + 64);
        range(out, 0, tokens.size() - 1, 0, sql.length(), true);
        return new MacroQuery(out.toString(), new ArrayList<>(parameters.values()));
    }

    /** {@return how the query refers to a value that is sent beside it} */
    String bind(SqlParameter parameter) {
        parameters.putIfAbsent(parameter.name(), parameter);
        return "@" + parameter.name();
    }

    MacroException refused(int offset, String problem) {
        return MacroException.at(sql, offset, problem);
    }

    /** Expands the tokens from one to below another, and the text around them. */
    private void range(StringBuilder out, int first, int last, int start, int end, boolean comments) {
        int copied = start;
        int i = first;
        while (i < last) {
            SqlToken token = tokens.get(i);
            if (token.start() < copied) {
                // Belongs to what has been expanded already.
                i++;
                continue;
            }
            if (token.kind() == Kind.COMMENT && !comments) {
                // Within a macro's arguments it would swallow what comes behind them.
                out.append(sql, copied, token.start()).append(' ');
                copied = token.end();
            } else if (token.kind() == Kind.DOLLAR) {
                out.append(sql, copied, token.start());
                copied = dollar(out, i);
            } else if (isBracketed(i)) {
                out.append(sql, copied, token.start());
                copied = variables.bracketed(out, sql, token.start());
            }
            i++;
        }
        out.append(sql, copied, end);
    }

    /** {@return where what was expanded ends} */
    private int dollar(StringBuilder out, int i) {
        SqlToken token = tokens.get(i);
        int start = token.start();
        if (token.end() - start == 1) {
            if (sql.startsWith("$__", token.end())) {
                // Escaped: the second dollar sign and its name are left alone.
                out.append(tokens.get(i + 1).text(sql));
                return tokens.get(i + 1).end();
            }
            if (sql.startsWith("{", token.end())) {
                return variables.braced(out, sql, start);
            }
            throw refused(start, "a dollar sign that begins neither a macro nor a variable");
        }
        String name = sql.substring(start + 1, token.end());
        if (!name.startsWith("__") || context.variable(name).isPresent()) {
            variables.append(out, name, "", "", start, isUnnested(i));
            return token.end();
        }
        List<String> arguments = new ArrayList<>();
        int end = arguments(i, arguments);
        if (!times.append(out, name, arguments, end > token.end(), start)) {
            if (end > token.end() || !variables.appendGlobal(out, name, "", "", start)) {
                throw refused(start, "there is no macro $" + name);
            }
        }
        return end;
    }

    /** Collects the arguments behind the token, {@return where they end}. */
    private int arguments(int macro, List<String> arguments) {
        SqlToken open = tokens.get(macro + 1);
        if (open.start() != tokens.get(macro).end() || !open.isSymbol(sql, "(")) {
            return tokens.get(macro).end();
        }
        int depth = 0;
        int first = macro + 2;
        for (int i = macro + 1; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.kind() == Kind.END || token.kind() == Kind.UNTERMINATED) {
                break;
            }
            char symbol = token.kind() == Kind.SYMBOL ? sql.charAt(token.start()) : ' ';
            if (symbol == '(' || symbol == '[' || symbol == '{') {
                depth++;
            } else if (symbol == ')' || symbol == ']' || symbol == '}') {
                depth--;
            }
            boolean closes = depth == 0;
            if (closes || (depth == 1 && symbol == ',')) {
                if (!closes || i > macro + 2) {
                    arguments.add(argument(first, i));
                }
                first = i + 1;
            }
            if (closes) {
                return token.end();
            }
        }
        throw refused(tokens.get(macro).start(), "the macro's arguments lack their closing parenthesis");
    }

    private String argument(int first, int last) {
        StringBuilder out = new StringBuilder();
        if (first < last) {
            range(
                    out,
                    first,
                    last,
                    tokens.get(first).start(),
                    tokens.get(last - 1).end(),
                    false);
        }
        return out.toString().strip();
    }

    /** {@return whether the token is the only one within {@code UNNEST(…)}} */
    private boolean isUnnested(int i) {
        return i >= 2
                && tokens.get(i - 1).isSymbol(sql, "(")
                && tokens.get(i - 2).isWord(sql, "UNNEST")
                && tokens.get(i + 1).isSymbol(sql, ")");
    }

    private boolean isBracketed(int i) {
        return tokens.get(i).isSymbol(sql, "[")
                && sql.startsWith("[[", tokens.get(i).start())
                && variables.isBracketed(sql, tokens.get(i).start());
    }
}
