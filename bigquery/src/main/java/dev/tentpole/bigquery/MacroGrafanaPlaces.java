package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where in a query a word without quotes can be nothing but a name: of a table behind {@code FROM} or beside a dot, of a column that is
 * selected, grouped or ordered by. Everywhere else it may stand for a value, and a column's name in its place would change what is
 * asked: {@code id = id} is always true. Read in one walk; used by one thread.
 */
final class MacroGrafanaPlaces {

    private static final Set<String> BEFORE_TABLES = Set.of("FROM", "JOIN", "INTO", "UPDATE", "TABLE", "VIEW");
    private static final Set<String> OPERATORS =
            Set.of("AND", "OR", "IS", "IN", "LIKE", "BETWEEN", "NOT", "COLLATE", "AT");
    private static final Set<String> COMPARISONS =
            Set.of("=", "<", ">", "<=", ">=", "<>", "!=", "LIKE", "BETWEEN", "IN", "IS", "UNNEST");

    /** Functions of which the value of another column may depend. */
    private static final Set<String> CONDITIONAL = Set.of("IF", "COUNTIF", "NULLIF");

    /** Behind an item of a list. */
    private static final Set<String> ENDS = Set.of(",", ")", ";", "|>", "(", "[");

    /** Functions whose first argument is a column, though they have others. */
    private static final Set<String> OF_A_COLUMN = Set.of(
            "DATE",
            "DATETIME",
            "TIMESTAMP",
            "DATE_TRUNC",
            "DATETIME_TRUNC",
            "TIMESTAMP_TRUNC",
            "ROUND",
            "TRUNC",
            "IFNULL",
            "COALESCE",
            "STRING_AGG",
            "APPROX_QUANTILES",
            "APPROX_TOP_COUNT",
            "PERCENTILE_CONT",
            "PERCENTILE_DISC");

    private static final Set<String> WITH_PART =
            Set.of("DATE_TRUNC", "DATETIME_TRUNC", "TIMESTAMP_TRUNC", "TIME_TRUNC");

    private enum Clause {
        SELECT,
        FROM,
        BY,
        CONDITION,
        OTHER
    }

    /** What is known of the text within a bracket, up to where the walk is. */
    private static final class Frame {
        private final int open;
        private final boolean tables;
        private final boolean condition;
        private final Deque<Clause> cases = new ArrayDeque<>(2);
        private Clause clause = Clause.OTHER;
        private int commas;

        private Frame(int open, boolean tables, boolean condition) {
            this.open = open;
            this.tables = tables;
            this.condition = condition;
        }

        /** Goes on behind a word; a {@code CASE} is within a clause, whatever its own words are, and a condition. */
        private void behind(String word, Clause next) {
            if (word.equals("CASE")) {
                cases.push(clause);
                clause = Clause.CONDITION;
            } else if (word.equals("END") && !cases.isEmpty()) {
                clause = cases.pop();
            } else {
                clause = next;
            }
        }
    }

    /**
     * Where a token is.
     *
     * @param clause the clause at its own depth of brackets
     * @param open the bracket that is open there, -1 for none
     * @param commas how many commas are before it within the bracket
     * @param tables whether all brackets around it are those of tables, such as {@code FROM (…)}
     */
    private record Place(Clause clause, int open, int commas, boolean tables) {}

    private final String text;
    private final List<SqlToken> code = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final int[] closes;
    private final Set<String> compared = new HashSet<>();
    /** Whether rows of two queries are compared with each other, or columns of two tables that have the same name. */
    private boolean rowsCompared;
    /** Whether columns of two queries become one, whose name is that of the first. */
    private boolean together;

    MacroGrafanaPlaces(String text, List<SqlToken> tokens) {
        this.text = text;
        for (SqlToken token : tokens) {
            if (token.kind() != Kind.COMMENT) {
                code.add(token);
            }
        }
        this.closes = new int[code.size()];
        walk();
        follow();
    }

    private void walk() {
        Deque<Frame> frames = new ArrayDeque<>();
        frames.push(new Frame(-1, true, false));
        for (int i = 0; i < code.size(); i++) {
            Frame frame = frames.element();
            String word = word(i);
            if (code.get(i).kind() == Kind.SYMBOL) {
                if ((word.equals(")") || word.equals("]")) && frames.size() > 1) {
                    closes[frames.pop().open] = i;
                    frame = frames.element();
                }
            } else if (code.get(i).kind() == Kind.WORD && !isNamed(i)) {
                frame.behind(word, clause(frame.clause, word, i));
            }
            places.add(new Place(frame.clause, frame.open, frame.commas, frame.tables));
            boolean condition = frame.condition || frame.clause == Clause.CONDITION;
            String name = name(i);
            if (!name.isEmpty() && (condition || COMPARISONS.contains(word(i + 1)) || isCompared(i))) {
                compared.add(name);
            }
            if (code.get(i).kind() == Kind.SYMBOL) {
                switch (word) {
                    case "(", "[" ->
                        frames.push(new Frame(
                                i,
                                frame.tables && word.equals("(") && isTable(frame, i),
                                condition || CONDITIONAL.contains(word(i - 1))));
                    case "," -> frame.commas++;
                    case ";", "|>" -> frame.clause = Clause.OTHER;
                    default -> {
                        // Changes nothing.
                    }
                }
            }
        }
    }

    /** {@return whether a comparison is right before it} */
    private boolean isCompared(int i) {
        String before = word(i - 1);
        return COMPARISONS.contains(before)
                || (before.equals("FROM") && word(i - 2).equals("DISTINCT"));
    }

    /** {@return whether a word is a part of a path or an alias, even if it is a keyword elsewhere} */
    private boolean isNamed(int i) {
        return word(i - 1).equals(".") || (word(i - 1).equals("AS") && !word(i).equals("SELECT"));
    }

    /** What another name is given is compared if that name is. */
    private void follow() {
        Map<String, Set<String>> former = new HashMap<>();
        for (int i = 0; i < code.size(); i++) {
            String word = word(i);
            boolean set = word.equals("INTERSECT")
                    || (word.equals("EXCEPT") && !word(i - 1).equals("*"));
            rowsCompared |= code.get(i).kind() == Kind.WORD && (set || word.equals("NATURAL"));
            together |= code.get(i).kind() == Kind.WORD && word.equals("UNION");
            String alias = alias(i + 1);
            if (!name(i).isEmpty() && !alias.isEmpty()) {
                former.computeIfAbsent(alias, key -> new HashSet<>()).add(name(i));
            }
        }
        Deque<String> work = new ArrayDeque<>(compared);
        while (!work.isEmpty()) {
            for (String name : former.getOrDefault(work.pop(), Set.of())) {
                if (compared.add(name)) {
                    work.push(name);
                }
            }
        }
    }

    private Clause clause(Clause before, String word, int i) {
        return switch (word) {
            case "SELECT" -> Clause.SELECT;
            case "FROM" -> word(i - 1).equals("DISTINCT") ? before : Clause.FROM;
            case "JOIN" -> Clause.FROM;
            case "BY" -> Clause.BY;
            case "WHERE", "ON", "HAVING", "QUALIFY", "USING", "WHEN" -> Clause.CONDITION;
            case "EXCEPT" -> word(i - 1).equals("*") ? before : Clause.OTHER;
            case "UNION", "INTERSECT", "LIMIT", "OFFSET", "SET", "VALUES", "WINDOW", "ROWS", "RANGE" -> Clause.OTHER;
            default -> before;
        };
    }

    /** {@return whether a bracket is around a table, a part of a set operation or a CTE, and not around a value} */
    private boolean isTable(Frame frame, int open) {
        String before = word(open - 1);
        return switch (before) {
            case "", ";", "(", "JOIN", "AS" -> true;
            case "FROM" -> !word(open - 2).equals("DISTINCT");
            case "," -> frame.clause == Clause.FROM;
            case "ALL", "DISTINCT" -> Set.of("UNION", "INTERSECT", "EXCEPT").contains(word(open - 2));
            default -> false;
        };
    }

    /**
     * {@return whether the token can be nothing but a name}
     *
     * @param token one of the query's
     * @param single whether one name will stand there, and not a list of them
     */
    boolean isName(SqlToken token, boolean single) {
        int i = index(token);
        if (isItem(i, i) || isListed(i)) {
            return true;
        }
        String before = word(i - 1);
        return single
                && (isBesideDot(i) || before.equals("AS") || isTableName(i, before) || isPart(i) || isArgument(i));
    }

    private boolean isTableName(int i, String before) {
        boolean extracted =
                before.equals("FROM") && word(places.get(i).open - 1).equals("EXTRACT");
        return BEFORE_TABLES.contains(before) && !word(i - 2).equals("DISTINCT") && !extracted;
    }

    private boolean isBesideDot(int i) {
        return code.get(Math.max(0, i - 1)).isSymbol(text, ".")
                || (code.get(i + 1).isSymbol(text, ".")
                        && code.get(i).end() == code.get(i + 1).start());
    }

    /** {@return whether the tokens are all of an item that is selected, grouped or ordered by, or of a list of tables} */
    private boolean isItem(int first, int last) {
        Place place = places.get(first);
        String before = word(first - 1);
        boolean begins = switch (place.clause) {
            case SELECT ->
                place.tables
                        && !rowsCompared
                        && !(together && !compared.isEmpty())
                        && switch (before) {
                            case "SELECT", "," -> true;
                            case "DISTINCT", "ALL" -> word(first - 2).equals("SELECT");
                            case "STRUCT" -> word(first - 2).equals("AS");
                            default -> false;
                        };
            case BY -> before.equals("BY") || before.equals(",");
            case FROM -> before.equals(",");
            default -> false;
        };
        return begins && isEnd(last + 1) && !compared.contains(alias(last + 1));
    }

    private boolean isEnd(int i) {
        SqlToken token = code.get(i);
        return switch (token.kind()) {
            case END, QUOTED -> true;
            case WORD -> !OPERATORS.contains(word(i));
            case SYMBOL -> ENDS.contains(word(i));
            default -> false;
        };
    }

    /** {@return the name that an item is given, empty for none} */
    private String alias(int i) {
        if (word(i).equals("AS")) {
            return name(i + 1);
        }
        SqlToken token = code.get(Math.min(i, code.size() - 1));
        boolean named = token.kind() == Kind.QUOTED || (token.kind() == Kind.WORD && !SqlWords.isReserved(word(i)));
        return named ? name(i) : "";
    }

    /** {@return whether it is in the list of {@code * EXCEPT (…)} or {@code USING (…)}} */
    private boolean isListed(int i) {
        int open = places.get(i).open;
        return switch (word(open - 1)) {
            case "USING" -> true;
            case "EXCEPT" -> word(open - 2).equals("*");
            default -> false;
        };
    }

    /** {@return whether it is a part of a date, such as {@code HOUR}} */
    private boolean isPart(int i) {
        Place place = places.get(i);
        String function = word(place.open - 1);
        boolean interval =
                i > 1 && code.get(i - 1).kind() == Kind.INTEGER && word(i - 2).equals("INTERVAL");
        return interval
                || (WITH_PART.contains(function)
                        && place.commas == 1
                        && word(i - 1).equals(",")
                        && ends(i + 1))
                || (function.equals("EXTRACT")
                        && place.open == i - 1
                        && word(i + 1).equals("FROM"));
    }

    private boolean ends(int i) {
        return word(i).equals(")") || word(i).equals(",");
    }

    /** {@return whether it is the column that functions are called with, as in {@code SELECT ROUND(AVG(column), 2)}} */
    private boolean isArgument(int i) {
        int first = i;
        int last = i;
        for (Place place = places.get(first); place.open > 0; place = places.get(first)) {
            int function = place.open - 1;
            String name = word(function);
            boolean begins = place.open == first - 1
                    || (word(first - 1).equals("DISTINCT") && place.open == first - 2)
                    || (word(first - 1).equals("FROM") && name.equals("EXTRACT"));
            boolean ends = switch (word(last + 1)) {
                case ")" -> !OPERATORS.contains(name);
                case "," -> OF_A_COLUMN.contains(name);
                case "AS" -> name.equals("CAST") || name.equals("SAFE_CAST");
                default -> false;
            };
            boolean called = code.get(function).kind() == Kind.WORD
                    && (!SqlWords.isReserved(name) || name.equals("CAST") || name.equals("EXTRACT"))
                    && closes[place.open] > 0;
            if (!begins || !ends || !called) {
                return false;
            }
            first = function;
            last = closes[place.open];
            if (isItem(first, last)) {
                return true;
            }
        }
        return false;
    }

    private int index(SqlToken token) {
        int low = 0;
        int high = code.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (code.get(middle).start() < token.start()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** {@return a token of letters or signs in capitals, empty for any other and where there is none} */
    private String word(int i) {
        if (i < 0 || i >= code.size()) {
            return "";
        }
        SqlToken token = code.get(i);
        return switch (token.kind()) {
            case WORD -> SqlText.upper(token.text(text));
            case SYMBOL -> token.text(text);
            default -> token.kind() == Kind.END ? "" : "?";
        };
    }

    /** {@return a name without its backticks, empty for what is none} */
    private String name(int i) {
        if (i >= code.size()) {
            return "";
        }
        SqlToken token = code.get(i);
        return switch (token.kind()) {
            case WORD -> SqlText.upper(token.text(text));
            case QUOTED -> SqlText.upper(text.substring(token.start() + 1, token.end() - 1));
            default -> "";
        };
    }
}
