package dev.tentpole.examples.promql;

import dev.tentpole.promql.AnalysisContext;
import dev.tentpole.promql.DurationExpr;
import dev.tentpole.promql.Expr;
import dev.tentpole.promql.ParseResult;
import dev.tentpole.promql.PromQl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The rules in a rule file of Prometheus, or in the {@code spec} of a PrometheusRule of Kubernetes. */
final class RuleFile {

    /** A node may be merged into itself. */
    private static final int MAX_MERGES = 8;

    private final String file;
    private final List<SourceQuery> queries = new ArrayList<>();
    /** A list may have itself among its items. */
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private RuleFile(String file) {
        this.file = file;
    }

    static List<SourceQuery> read(String file, String text) {
        RuleFile reader = new RuleFile(file);
        try {
            Compose compose = new Compose(LoadSettings.builder()
                    .setLabel(file)
                    .setCodePointLimit(Integer.MAX_VALUE)
                    .build());
            List<Node> documents = new ArrayList<>();
            compose.composeAllFromString(text).forEach(documents::add);
            // Empty ones are behind a last ---, and manifests of Kubernetes stand together in files.
            documents.removeIf(document -> isEmpty(document) || (documents.size() > 1 && isOther(document)));
            documents.forEach(reader::document);
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark()
                    .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                    .orElse("");
            throw new UnreadableFileException(file + place + ": is not YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new UnreadableFileException(file + ": is not YAML: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            // The library calls itself for each level.
            throw new UnreadableFileException(file + ": is nested too deep", e);
        }
        return reader.queries;
    }

    private static boolean isEmpty(@Nullable Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && scalar.getValue().isEmpty();
    }

    /** {@return whether this is a manifest of Kubernetes without rules} */
    private static boolean isOther(Node document) {
        return value(document, "kind") instanceof ScalarNode kind
                && !kind.getValue().equals("PrometheusRule")
                && !kind.getValue().endsWith("List");
    }

    private void document(Node document) {
        if (!seen.add(document)) {
            return;
        }
        if (value(document, "items") instanceof SequenceNode items) {
            items.getValue().stream().filter(item -> !isOther(item)).forEach(this::document);
            return;
        }
        Node groups = value(document, "groups");
        Node spec = value(document, "spec");
        if (groups == null && spec != null) {
            groups = value(spec, "groups");
        }
        if (isEmpty(groups)) {
            return;
        }
        if (!(groups instanceof SequenceNode sequence)) {
            throw new UnreadableFileException(
                    at(groups == null ? document : groups) + ": is not a rule file: there must be a list \"groups\"");
        }
        for (Node group : sequence.getValue()) {
            Optional<Duration> interval = duration(value(group, "interval"));
            Node rules = value(group, "rules");
            if (rules instanceof SequenceNode list) {
                list.getValue().forEach(rule -> rule(rule, interval));
            } else if (!(group instanceof MappingNode) || (rules != null && !isEmpty(rules))) {
                throw new UnreadableFileException(at(group) + ": a group must have a list \"rules\"");
            }
        }
    }

    private void rule(Node rule, Optional<Duration> interval) {
        Node alert = value(rule, "alert");
        Node recorded = value(rule, "record");
        Node name = alert == null ? recorded : alert;
        if (!(name instanceof ScalarNode named) || (alert != null && recorded != null)) {
            throw new UnreadableFileException(at(rule) + ": a rule must have either \"alert\" or \"record\"");
        }
        String place = (alert == null ? "record " : "alert ") + named.getValue();
        if (!(value(rule, "expr") instanceof ScalarNode expr)) {
            throw new UnreadableFileException(at(rule) + ": " + place + " must have an \"expr\"");
        }
        // The text of a block begins on the line below its mark.
        boolean block = expr.getScalarStyle() == ScalarStyle.LITERAL || expr.getScalarStyle() == ScalarStyle.FOLDED;
        int line = expr.getStartMark()
                .map(mark -> mark.getLine() + (block ? 2 : 1))
                .orElse(0);
        queries.add(new SourceQuery(
                file,
                line,
                place,
                expr.getValue(),
                alert == null ? AnalysisContext.Kind.RECORDING : AnalysisContext.Kind.ALERT,
                false,
                false,
                // Without "for" an alert fires at once.
                alert == null ? Optional.empty() : duration(value(rule, "for")).or(() -> Optional.of(Duration.ZERO)),
                interval));
    }

    private String at(Node node) {
        return file
                + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    }

    private static @Nullable Node value(Node node, String key) {
        return value(node, key, MAX_MERGES);
    }

    /** Looks for a key, also in what {@code <<: *other} takes over. */
    private static @Nullable Node value(Node node, String key, int merges) {
        if (!(node instanceof MappingNode mapping)) {
            return null;
        }
        Node own = ownValue(mapping, key);
        Node merged = merges == 0 || own != null ? null : ownValue(mapping, "<<");
        if (merged instanceof MappingNode) {
            return value(merged, key, merges - 1);
        }
        if (merged instanceof SequenceNode list) {
            for (Node one : list.getValue()) {
                Node value = value(one, key, merges - 1);
                if (value != null) {
                    return value;
                }
            }
        }
        return own;
    }

    private static @Nullable Node ownValue(MappingNode mapping, String key) {
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key)) {
                return entry.getValueNode();
            }
        }
        return null;
    }

    /** {@return a duration as Prometheus writes it: {@code 1h30m}} */
    private static Optional<Duration> duration(@Nullable Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            return Optional.empty();
        }
        ParseResult parsed = PromQl.tryParse("x[" + scalar.getValue() + "]");
        return parsed.expr()
                .filter(expr ->
                        expr instanceof Expr.MatrixSelector matrix && matrix.window() instanceof DurationExpr.Literal)
                .map(expr -> (DurationExpr.Literal) ((Expr.MatrixSelector) expr).window())
                .map(literal -> Duration.ofMillis(Math.round(literal.value() * 1000)));
    }
}
