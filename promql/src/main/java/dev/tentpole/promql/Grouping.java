package dev.tentpole.promql;

import java.util.List;

/**
 * The labels that an aggregation keeps or drops: {@code by (job)}, {@code without (instance)}.
 *
 * @param without whether the labels are dropped instead of kept
 * @param labels the labels, in the order of the text; none of them empty
 * @param templated whether labels with template variables in them are meant as such
 */
public record Grouping(boolean without, List<String> labels, boolean templated) {

    /** No clause: everything is folded into one group. The same as {@code by ()}. */
    public static final Grouping NONE = by(List.of());

    /**
     * Copies the list of labels.
     *
     * @param without whether the labels are dropped instead of kept
     * @param labels the labels, in the order of the text; none of them empty
     * @param templated whether labels with template variables in them are meant as such; false if there are none
     * @throws IllegalArgumentException if a label is empty or not UTF-8
     */
    public Grouping {
        labels = Trees.checkLabels(labels);
        templated = templated && Trees.hasTemplate(labels);
    }

    /**
     * {@return the clause that keeps labels}
     *
     * @param labels what is kept
     */
    public static Grouping by(List<String> labels) {
        return new Grouping(false, labels, false);
    }

    /**
     * {@return the clause that drops labels}
     *
     * @param labels what is dropped
     */
    public static Grouping without(List<String> labels) {
        return new Grouping(true, labels, false);
    }

    /** {@return whether there is no clause} */
    public boolean isNone() {
        return !without && labels.isEmpty();
    }
}
