package dev.tentpole.promql;

import java.util.List;
import java.util.Random;

/** Valid queries over a few metrics and labels, rich in what the optimizer looks for. */
final class QuerySource {

    static final List<String> METRICS = List.of("m_total", "n_total", "gauge", "other_gauge", "lone");
    private static final List<String> LABELS = List.of("job", "instance", "zone");
    private static final List<String> VALUES = List.of("a", "b", "c", "");
    private static final List<String> REGEXES =
            List.of("a", "(a|b)", "^a$", ".*", ".+", "a|b|", "|a", "[ab]", "(?i)A", "b.*", "(a)", "a|", "");
    private static final List<String> FUNCTIONS =
            List.of("abs", "ceil", "sort", "sort_desc", "-", "+", "timestamp", "sgn", "last_over_time", "rate", "max");
    private static final List<String> RANGE_FUNCTIONS =
            List.of("rate", "increase", "max_over_time", "count_over_time", "last_over_time", "changes");
    private static final List<String> AGGREGATIONS = List.of(
            "sum", "max", "min", "count", "avg", "group", "stddev", "topk", "bottomk", "quantile", "count_values");
    private static final List<String> ARITHMETIC =
            List.of("+", "-", "*", "/", ">", "<=", "== bool", "%", "and", "or", "unless");

    private final Random random;

    QuerySource(Random random) {
        this.random = random;
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** {@return a query whose result is a vector} */
    String vector(int depth) {
        if (depth <= 0) {
            return selector();
        }
        return switch (random.nextInt(12)) {
            case 0, 1 -> selector();
            case 2, 3, 4, 5 -> binary(depth);
            case 6, 7 -> aggregation(depth);
            case 8 -> call(depth);
            case 9 -> "(" + vector(depth - 1) + ")";
            case 10 -> scalarBinary(depth);
            default -> ranged(depth);
        };
    }

    private String selector() {
        StringBuilder text = new StringBuilder(one(METRICS)).append('{');
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(one(LABELS));
            boolean regex = random.nextInt(3) == 0;
            boolean negative = random.nextInt(4) == 0;
            text.append(regex ? negative ? "!~" : "=~" : negative ? "!=" : "=");
            text.append('"').append(one(regex ? REGEXES : VALUES)).append("\",");
        }
        return text.append('}')
                .append(random.nextInt(10) == 0 ? " offset 1m" : "")
                .toString();
    }

    private String labels() {
        StringBuilder text = new StringBuilder("(");
        for (String label : LABELS) {
            if (random.nextInt(2) == 0) {
                text.append(label).append(',');
            }
        }
        return text.append(')').toString();
    }

    private String binary(int depth) {
        String op = one(ARITHMETIC);
        boolean set = op.equals("and") || op.equals("or") || op.equals("unless");
        String matching = random.nextInt(2) == 0 ? "" : (random.nextBoolean() ? " on " : " ignoring ") + labels();
        if (!set && !matching.isEmpty() && random.nextInt(3) == 0) {
            matching += random.nextBoolean() ? " group_left " : " group_right ";
            matching += "()";
        }
        String right = random.nextInt(8) == 0 ? constant() : operand(depth);
        if (set && random.nextInt(4) == 0) {
            return operand(depth) + " " + op + " on () " + constant();
        }
        return operand(depth) + " " + op + matching + " " + right;
    }

    private String constant() {
        return "(vector(" + random.nextInt(3) + ") == " + random.nextInt(3) + ")";
    }

    private String operand(int depth) {
        String inner = vector(depth - 1);
        return inner.endsWith("}") || (inner.endsWith(")") && !inner.contains(" ")) ? inner : "(" + inner + ")";
    }

    private String scalarBinary(int depth) {
        String number = switch (random.nextInt(4)) {
            case 0 -> "2 * 3";
            case 1 -> "-(1 - 3) / 7";
            case 2 -> "0.1 + 0.2";
            default -> "2 ^ 3";
        };
        String op = one(List.of("+", "-", "*", "/", ">", "%"));
        return random.nextBoolean()
                ? operand(depth) + " " + op + " (" + number + ")"
                : "(" + number + ") " + op + " " + operand(depth);
    }

    private String aggregation(int depth) {
        String op = one(AGGREGATIONS);
        String grouping = random.nextInt(4) == 0 ? "" : (random.nextInt(3) > 0 ? " by " : " without ") + labels();
        String parameter = switch (op) {
            case "topk", "bottomk" -> (1 + random.nextInt(3)) + ", ";
            case "quantile" -> "0." + random.nextInt(10) + ", ";
            case "count_values" -> "\"" + one(LABELS) + "\", ";
            default -> "";
        };
        return op + grouping + " (" + parameter + vector(depth - 1) + ")";
    }

    private String call(int depth) {
        String inner = vector(depth - 1);
        return switch (one(FUNCTIONS)) {
            case "abs" -> "abs(" + inner + ")";
            case "ceil" -> "ceil(" + inner + ")";
            case "sort" -> "sort(" + inner + ")";
            case "sort_desc" -> "sort_desc(" + inner + ")";
            case "-" -> "-(" + inner + ")";
            case "+" -> "+(" + inner + ")";
            case "timestamp" -> "timestamp(" + inner + ")";
            case "rate" ->
                "label_replace(" + inner + ", \"" + one(LABELS) + "\", \"$1\", \"" + one(LABELS) + "\", \"(.*)\")";
            case "max" -> "histogram_quantile(0.9, " + inner + ")";
            case "last_over_time" -> "absent(" + inner + ")";
            default -> "sgn(" + inner + ")";
        };
    }

    private String ranged(int depth) {
        String function = one(RANGE_FUNCTIONS);
        return random.nextInt(4) == 0
                ? function + "((" + vector(depth - 1) + ")[2m:30s])"
                : function + "(" + selector().replace(" offset 1m", "") + "[" + (1 + random.nextInt(5)) + "m])";
    }
}
