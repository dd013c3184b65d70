package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import dev.tentpole.promql.Optimization.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives selectors the matchers that their series must fulfil to have a part in the result, since the series that they are
 * joined with fulfil them.
 *
 * <p>Upwards, each expression gets the matchers that all its series are known to fulfil. Downwards, each side of a join
 * gets those of the other side on the labels that are compared, and takes them along as far as it is the same whether the
 * result or the operand is filtered.
 */
final class FilterPushDown {

    /** Enough for what people write, and little enough that long expressions take linear time. */
    private static final int MAX_FILTERS = 32;

    private static final String REASON = "A series without these labels finds no partner in a join further up, or none"
            + " that is left there, so it has no part in the result.";

    private final Outline outline;
    private final Optimizer.Steps steps;
    private final Hazards hazards;
    private final List<List<Matcher>> fulfilled;
    private final List<List<Filter>> wanted;

    private FilterPushDown(Outline outline, Optimizer.Steps steps) {
        this.outline = outline;
        this.steps = steps;
        this.hazards = Hazards.of(outline);
        this.fulfilled = new ArrayList<>(outline.size());
        this.wanted = new ArrayList<>(outline.size());
        for (int i = 0; i < outline.size(); i++) {
            fulfilled.add(List.of());
            wanted.add(List.of());
        }
    }

    /** A matcher on its way down, and what its last place above allows to say. */
    private record Filter(Matcher matcher, Exactness exactness) {}

    static Expr apply(Expr root, Optimizer.Steps steps) {
        Outline outline = Outline.of(root);
        if (!hasJoin(outline)) {
            return root;
        }
        FilterPushDown pushDown = new FilterPushDown(outline, steps);
        pushDown.up();
        pushDown.down();
        return pushDown.rewritten();
    }

    private static boolean hasJoin(Outline outline) {
        for (int i = 0; i < outline.size(); i++) {
            if (isJoin(outline.node(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isJoin(Expr node) {
        return node instanceof Expr.Binary binary && Trees.isVector(binary.left()) && Trees.isVector(binary.right());
    }

    private void up() {
        for (int i = outline.size() - 1; i >= 0; i--) {
            Expr node = outline.node(i);
            List<Matcher> all = new ArrayList<>();
            if (node instanceof Expr.VectorSelector selector) {
                for (Matcher matcher : selector.matchers()) {
                    if (isPlain(matcher)) {
                        add(all, matcher);
                    }
                }
            } else if (node instanceof Expr.Binary binary && binary.op() == BinaryOp.OR) {
                all.addAll(fulfilled.get(i + 1));
                all.retainAll(fulfilled.get(outline.child(i, 1)));
            } else {
                int child = i + 1;
                for (int part = 0; part < node.children().size(); part++) {
                    LabelSet labels = fulfilled.get(child).isEmpty() ? LabelSet.NONE : LabelPaths.unchanged(node, part);
                    for (Matcher matcher : fulfilled.get(child)) {
                        if (labels.contains(matcher.name())) {
                            add(all, matcher);
                        }
                    }
                    child = outline.end(child);
                }
            }
            fulfilled.set(i, all);
        }
    }

    private static void add(List<Matcher> all, Matcher matcher) {
        if (all.size() < MAX_FILTERS && !all.contains(matcher)) {
            all.add(matcher);
        }
    }

    /** Names are not compared, and it is not known what a variable stands for. */
    private static boolean isPlain(Matcher matcher) {
        return matcher.op() != Matcher.Op.PLACEHOLDER
                && !matcher.templated()
                && !matcher.name().equals(Matcher.METRIC_NAME)
                && !Templates.occursIn(matcher.value());
    }

    private void down() {
        for (int i = 0; i < outline.size(); i++) {
            Expr node = outline.node(i);
            int child = i + 1;
            int parts = node.children().size();
            for (int part = 0; part < parts; part++) {
                List<Filter> filters = new ArrayList<>();
                if (!wanted.get(i).isEmpty()) {
                    LabelSet labels = LabelPaths.filterable(node, part);
                    for (Filter filter : wanted.get(i)) {
                        if (labels.contains(filter.matcher().name())) {
                            filters.add(filter);
                        }
                    }
                }
                if (node instanceof Expr.Binary binary && isJoin(node)) {
                    int other = part == 0 ? outline.child(i, 1) : i + 1;
                    fromOtherSide(binary, part == 0, child, other, filters);
                }
                wanted.set(child, filters);
                child = outline.end(child);
            }
        }
    }

    private void fromOtherSide(Expr.Binary binary, boolean left, int side, int other, List<Filter> filters) {
        if (fulfilled.get(other).isEmpty() || binary.op() == BinaryOp.OR || (binary.op() == BinaryOp.UNLESS && left)) {
            return;
        }
        LabelSet compared = LabelPaths.matching(binary.matching());
        // Two equal series on the side of the ones are an error as soon as the other side has a series, partner or not.
        boolean leftIsMany = binary.matching().group() != VectorMatching.Group.RIGHT;
        boolean mayVanish =
                binary.op().isSetOperator() || hazards.isDistinct(left == leftIsMany ? other : side, compared);
        Exactness exactness = mayVanish && hazards.isCalm(side) ? Exactness.EXACT : Exactness.EXCEPT_ANNOTATIONS;
        for (Matcher matcher : fulfilled.get(other)) {
            if (filters.size() < MAX_FILTERS && compared.contains(matcher.name())) {
                filters.add(new Filter(matcher, exactness));
            }
        }
    }

    private Expr rewritten() {
        TreeEdit edit = new TreeEdit(outline);
        for (int i = outline.size() - 1; i >= 0; i--) {
            Expr node = edit.current(i);
            if (node instanceof Expr.VectorSelector selector && !wanted.get(i).isEmpty()) {
                edit.set(i, filtered(selector, wanted.get(i)));
            }
        }
        return edit.root();
    }

    private Expr filtered(Expr.VectorSelector selector, List<Filter> filters) {
        Expr.VectorSelector result = selector;
        for (Exactness exactness : Exactness.values()) {
            List<Matcher> matchers = new ArrayList<>(result.matchers());
            for (Filter filter : filters) {
                if (filter.exactness() == exactness && isNew(filter.matcher(), matchers)) {
                    matchers.add(filter.matcher());
                }
            }
            if (matchers.size() > result.matchers().size() && steps.allows(exactness)) {
                Expr.VectorSelector before = result;
                result = result.withMatchers(matchers);
                steps.add(Rule.PUSH_DOWN_FILTERS, exactness, before, result, REASON);
            }
        }
        return result;
    }

    /** {@return whether the matcher may keep out what a selector with these matchers selects} */
    private static boolean isNew(Matcher matcher, List<Matcher> matchers) {
        for (Matcher known : matchers) {
            if (known.op() == Matcher.Op.EQUAL && known.name().equals(matcher.name())) {
                return false;
            }
        }
        return !MatcherRewriting.isRedundant(matcher, matchers);
    }
}
