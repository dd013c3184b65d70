package dev.tentpole.promql;

import dev.tentpole.promql.Labels.Fact;
import dev.tentpole.promql.Labels.Result;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What functions do to labels. */
final class CallLabels {

    private static final String BUCKET = "le";

    private CallLabels() {}

    static Labels of(Expr.Call call, int index, LabelFlow flow) {
        if (call.function().returnType() == ValueType.SCALAR) {
            return Labels.SCALAR;
        }
        List<Expr> arguments = call.arguments();
        String function = call.function().name();
        return switch (function) {
            case "vector" -> Labels.none(call).with(Result.ALWAYS);
            case "absent", "absent_over_time" -> absent(call, arguments);
            case "label_replace" -> replaced(call, first(index, flow, 0));
            case "label_join" -> joined(call, first(index, flow, 0));
            case "info" -> first(index, flow, 0).forgetImpossible().with(Result.MAYBE);
            case "histogram_quantile" -> quantile(call, first(index, flow, 1));
            case "histogram_fraction" -> quantile(call, first(index, flow, 2));
            case "histogram_quantiles" -> quantiles(call, first(index, flow, 0));
            case "sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "last_over_time", "first_over_time" ->
                first(index, flow, 0);
            case "histogram_avg", "histogram_count", "histogram_sum", "histogram_stddev", "histogram_stdvar" ->
                maybe(operand(call, index, flow)).drop(Matcher.METRIC_NAME, call);
            default ->
                arguments.isEmpty()
                        ? Labels.none(call).with(Result.ALWAYS)
                        : operand(call, index, flow).drop(Matcher.METRIC_NAME, call);
        };
    }

    private static Labels first(int index, LabelFlow flow, int argument) {
        int child = flow.outline().child(index, argument);
        Labels labels = child < flow.outline().end(index) ? flow.at(child) : Labels.UNKNOWN;
        // An argument of the wrong type is possible in a tree that was built and not checked.
        return labels.isScalar() ? Labels.UNKNOWN : labels;
    }

    private static Labels maybe(Labels labels) {
        return labels.result() == Result.ALWAYS ? labels.with(Result.MAYBE) : labels;
    }

    /** {@return the argument that is a vector} */
    private static Labels operand(Expr.Call call, int index, LabelFlow flow) {
        List<Expr> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            ValueType type = call.function().argumentTypes().isEmpty()
                    ? ValueType.SCALAR
                    : call.function()
                            .argumentTypes()
                            .get(Math.min(i, call.function().argumentTypes().size() - 1));
            if (type == ValueType.INSTANT_VECTOR || type == ValueType.RANGE_VECTOR) {
                Labels labels = first(index, flow, i);
                return type == ValueType.RANGE_VECTOR ? maybe(labels) : labels;
            }
        }
        return Labels.UNKNOWN;
    }

    /** The result has the labels that the selector's equality matchers name, each if no other matcher is on it. */
    private static Labels absent(Expr.Call call, List<Expr> arguments) {
        Labels labels = Labels.none(call).withCondition(true);
        Expr argument = arguments.isEmpty() ? call : arguments.get(0);
        boolean parens = false;
        while (argument instanceof Expr.Paren paren) {
            argument = paren.inner();
            parens = true;
        }
        if (argument instanceof Expr.Placeholder) {
            return Labels.UNKNOWN;
        }
        Expr.VectorSelector selector = LabelFlow.selectorOf(argument);
        if (selector == null) {
            return labels;
        }
        Set<String> seen = new HashSet<>();
        for (Matcher matcher : selector.matchers()) {
            if (matcher.op() == Matcher.Op.PLACEHOLDER || matcher.templated()) {
                return Labels.UNKNOWN;
            }
            String name = matcher.name();
            if (name.equals(Matcher.METRIC_NAME)) {
                continue;
            }
            if (matcher.op() != Matcher.Op.EQUAL || !seen.add(name)) {
                labels = labels.with(name, Fact.impossible(call));
            } else if (parens || Templates.occursIn(matcher.value())) {
                labels = labels.with(name, Fact.POSSIBLE);
            } else if (!matcher.value().isEmpty()) {
                labels = labels.with(name, Fact.guaranteed(call, matcher.value()));
            }
        }
        return labels;
    }

    private static Labels replaced(Expr.Call call, Labels operand) {
        List<Expr> arguments = call.arguments();
        Optional<String> target = text(arguments, 1);
        if (target.isEmpty()) {
            return operand.forgetGuarantees().forgetImpossible();
        }
        String name = target.get();
        Optional<String> replacement = text(arguments, 2).filter(text -> text.indexOf('$') < 0);
        if (replacement.isEmpty() || replacement.get().isEmpty()) {
            return operand.with(name, Fact.POSSIBLE);
        }
        Fact known = operand.get(name);
        String value = replacement.get();
        if (alwaysMatches(text(arguments, 3), text(arguments, 4), operand)) {
            return operand.with(name, Fact.guaranteed(call, value));
        }
        return operand.with(name, known.or(Fact.guaranteed(call, value)));
    }

    private static boolean alwaysMatches(Optional<String> source, Optional<String> regex, Labels operand) {
        if (source.isEmpty() || regex.isEmpty()) {
            return false;
        }
        boolean missing = source.get().isEmpty() || operand.get(source.get()).isImpossible();
        return regex.get().equals(".*")
                || (missing && Regex.emptiness(regex.get()) == RegexSyntax.Verdict.MATCHES_EMPTY);
    }

    private static Labels joined(Expr.Call call, Labels operand) {
        List<Expr> arguments = call.arguments();
        Optional<String> target = text(arguments, 1);
        Optional<String> separator = text(arguments, 2);
        if (target.isEmpty()) {
            return operand.forgetGuarantees().forgetImpossible();
        }
        boolean full = separator.isPresent() && !separator.get().isEmpty() && arguments.size() > 4;
        for (int i = 3; i < arguments.size() && !full; i++) {
            Optional<String> source = text(arguments, i);
            full = source.isPresent() && operand.get(source.get()).isGuaranteed();
        }
        return operand.with(target.get(), full ? Fact.guaranteed(call, null) : Fact.POSSIBLE);
    }

    private static Labels quantile(Expr.Call call, Labels operand) {
        return maybe(operand).drop(BUCKET, call).drop(Matcher.METRIC_NAME, call);
    }

    private static Labels quantiles(Expr.Call call, Labels operand) {
        Labels labels = quantile(call, operand);
        Optional<String> label = text(call.arguments(), 1);
        return label.isPresent()
                ? labels.with(label.get(), Fact.guaranteed(call, null))
                : labels.forgetGuarantees().forgetImpossible();
    }

    private static Optional<String> text(List<Expr> arguments, int number) {
        @Nullable Expr argument = number < arguments.size() ? arguments.get(number) : null;
        return argument == null ? Optional.empty() : LabelPaths.text(argument);
    }
}
