package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Trees in the form that the corpus has them in: as text that two equal trees share. */
final class AstForm {

    private AstForm() {}

    static String of(Expr expr) {
        return expr(expr).toString();
    }

    private static Map<String, Object> node(String type, SourceRange range) {
        Map<String, Object> node = new TreeMap<>();
        node.put("t", type);
        node.put("pos", List.of(range.startByte(), range.endByte()));
        return node;
    }

    private static Map<String, Object> expr(Expr expr) {
        if (expr instanceof Expr.VectorSelector selector) {
            return selector(selector, selector.modifiers());
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            Map<String, Object> node = node("matrixSelector", matrix.range());
            node.put("vs", selector(matrix.selector(), matrix.modifiers()));
            duration(node, "range", Optional.of(matrix.window()));
            return node;
        }
        if (expr instanceof Expr.Subquery subquery) {
            Map<String, Object> node = node("subquery", subquery.range());
            node.put("expr", expr(subquery.operand()));
            duration(node, "range", Optional.of(subquery.window()));
            duration(node, "step", subquery.step());
            node.putIfAbsent("step", 0L);
            modifiers(node, subquery.modifiers());
            return node;
        }
        if (expr instanceof Expr.Call call) {
            Map<String, Object> node = node("call", call.range());
            node.put("func", call.function().name());
            node.put("args", call.arguments().stream().map(AstForm::expr).toList());
            return node;
        }
        if (expr instanceof Expr.Aggregation aggregation) {
            Map<String, Object> node = node("aggregation", aggregation.range());
            node.put("op", aggregation.op().symbol());
            node.put("without", aggregation.grouping().without());
            node.put("grouping", aggregation.grouping().labels());
            node.put("expr", expr(aggregation.operand()));
            aggregation.parameter().ifPresent(parameter -> node.put("param", expr(parameter)));
            return node;
        }
        if (expr instanceof Expr.Binary binary) {
            return binary(binary);
        }
        if (expr instanceof Expr.Unary unary) {
            Map<String, Object> node = node("unaryExpr", unary.range());
            node.put("op", unary.negative() ? "-" : "+");
            node.put("expr", expr(unary.operand()));
            return node;
        }
        if (expr instanceof Expr.Paren paren) {
            Map<String, Object> node = node("parenExpr", paren.range());
            node.put("expr", expr(paren.inner()));
            return node;
        }
        if (expr instanceof Expr.NumberLiteral number) {
            return number(number.value(), number.duration(), number.range());
        }
        Expr.StringLiteral string = (Expr.StringLiteral) expr;
        Map<String, Object> node = node("stringLiteral", string.range());
        if (string.value().codePoints().anyMatch(Literals::isRawByte)) {
            node.put("val_b64", Base64.getEncoder().encodeToString(Corpus.encode(string.value())));
        } else {
            node.put("val", string.value());
        }
        return node;
    }

    private static Map<String, Object> selector(Expr.VectorSelector selector, Modifiers modifiers) {
        Map<String, Object> node = node("vectorSelector", selector.range());
        node.put("name", selector.name());
        node.put(
                "matchers",
                selector.allMatchers().stream()
                        .map(matcher ->
                                List.of(lossy(matcher.name()), matcher.op().symbol(), lossy(matcher.value())))
                        .toList());
        modifiers(node, modifiers);
        return node;
    }

    /** The corpus has bytes that are not UTF-8 in literals only. */
    private static String lossy(String text) {
        return text.codePoints().anyMatch(Literals::isRawByte) ? text.replaceAll("[\\udc80-\\udcff]", "\ufffd") : text;
    }

    private static void modifiers(Map<String, Object> node, Modifiers modifiers) {
        modifiers.at().ifPresent(at -> {
            if (at instanceof Modifiers.At.Time time) {
                node.put("timestamp", time.millis());
            } else {
                node.put("startOrEnd", at == Modifiers.At.Bound.START ? "start" : "end");
            }
        });
        duration(node, "offset", modifiers.offset());
        if (modifiers.edge() != Modifiers.Edge.NONE) {
            node.put(Ascii.toLowerCase(modifiers.edge().name()), true);
        }
    }

    private static void duration(Map<String, Object> node, String field, Optional<DurationExpr> duration) {
        if (duration.isEmpty()) {
            return;
        }
        if (duration.get() instanceof DurationExpr.Literal literal) {
            node.put(field, Durations.toNanos(literal.value()) / 1_000_000);
        } else {
            node.put(field + "Expr", duration(duration.get()));
            if (!field.equals("offset")) {
                node.put(field, 0L);
            }
        }
    }

    private static Map<String, Object> number(double value, boolean duration, SourceRange range) {
        Map<String, Object> node = node("numberLiteral", range);
        StringBuilder text = new StringBuilder();
        Literals.number(text, value);
        node.put("val", text.toString());
        if (duration) {
            node.put("duration", true);
        }
        return node;
    }

    private static Map<String, Object> duration(DurationExpr duration) {
        Map<String, Object> node = new TreeMap<>();
        node.put("t", "durationExpr");
        if (duration instanceof DurationExpr.Literal literal) {
            return number(literal.value(), literal.unit(), literal.range());
        } else if (duration instanceof DurationExpr.Negation negation) {
            node.put("op", "-");
            node.put("rhs", duration(negation.operand()));
        } else if (duration instanceof DurationExpr.Arithmetic arithmetic) {
            node.put("lhs", duration(arithmetic.left()));
            node.put("op", arithmetic.op().symbol());
            node.put("rhs", duration(arithmetic.right()));
        } else if (duration instanceof DurationExpr.Paren paren) {
            if (!(paren.inner() instanceof DurationExpr.Literal)) {
                node.putAll(duration(paren.inner()));
            } else {
                node.put("op", "+");
                node.put("rhs", duration(paren.inner()));
            }
            node.put("wrapped", true);
        } else if (duration instanceof DurationExpr.Query query) {
            node.put("op", Ascii.toLowerCase(query.of().name()));
        } else if (duration instanceof DurationExpr.Choice choice) {
            node.put("op", choice.longer() ? "max_of" : "min_of");
            node.put("lhs", duration(choice.first()));
            node.put("rhs", duration(choice.second()));
        }
        return node;
    }

    private static Map<String, Object> binary(Expr.Binary binary) {
        Map<String, Object> node = node("binaryExpr", binary.range());
        node.put("op", binary.op().symbol());
        node.put("lhs", expr(binary.left()));
        node.put("rhs", expr(binary.right()));
        if (binary.bool()) {
            node.put("bool", true);
        }
        if (binary.left().type() != ValueType.INSTANT_VECTOR || binary.right().type() != ValueType.INSTANT_VECTOR) {
            return node;
        }
        VectorMatching matching = binary.matching();
        TreeMap<String, Object> written = new TreeMap<>();
        String card = switch (matching.group()) {
            case LEFT -> "many-to-one";
            case RIGHT -> "one-to-many";
            case NONE -> binary.op().isSetOperator() ? "many-to-many" : "one-to-one";
        };
        written.put("card", card);
        written.put("on", matching.on());
        written.put("labels", matching.labels());
        written.put("include", matching.include());
        matching.fillLeft().ifPresent(value -> written.put("fillLhs", text(value)));
        matching.fillRight().ifPresent(value -> written.put("fillRhs", text(value)));
        node.put("matching", written);
        return node;
    }

    private static String text(double value) {
        StringBuilder text = new StringBuilder();
        Literals.number(text, value);
        return text.toString();
    }

    /**
     * {@return a tree of the corpus in the same form}
     *
     * <p>Left out is what Prometheus has and we do not: the places of calculated durations, which do not include their
     * parens, and a plus sign in front of them.
     */
    static String of(JsonNode ast) {
        return canonical(ast).toString();
    }

    private static Object canonical(JsonNode node) {
        if (node.isObject()) {
            if (node.path("t").asString("").equals("durationExpr")
                    && node.path("op").asString().equals("+")
                    && !node.has("lhs")
                    && !node.has("wrapped")) {
                return canonical(node.get("rhs"));
            }
            TreeMap<String, Object> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
            if (fields.containsKey("val_b64")) {
                fields.remove("val");
            }
            if ("durationExpr".equals(fields.get("t"))) {
                fields.remove("pos");
            }
            return fields;
        }
        if (node.isArray()) {
            List<Object> elements = new ArrayList<>();
            node.forEach(element -> elements.add(canonical(element)));
            return elements;
        }
        return node.isNumber() ? node.asLong() : node.isBoolean() ? node.asBoolean() : node.asString();
    }

    /** {@return the tree without places} */
    static String withoutPlaces(String form) {
        return form.replaceAll("pos=\\[\\d+, \\d+\\], ", "");
    }
}
