package dev.tentpole.promql;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the series on both sides of an operator find each other: {@code on (job) group_left (team) fill (0)}.
 *
 * @param on whether only the labels are compared, instead of all but them
 * @param labels the labels of {@code on} or {@code ignoring}, in the order of the text
 * @param group the side that may have several series for one of the other
 * @param include labels that are taken from the side with one series; empty without a group
 * @param fillLeft the value of series that are missing on the left, if any
 * @param fillRight the value of series that are missing on the right, if any
 * @param templated whether labels with template variables in them are meant as such
 */
public record VectorMatching(
        boolean on,
        List<String> labels,
        Group group,
        List<String> include,
        Optional<Double> fillLeft,
        Optional<Double> fillRight,
        boolean templated) {

    /** No clause: series match whose labels are all equal. */
    public static final VectorMatching NONE =
            new VectorMatching(false, List.of(), Group.NONE, List.of(), Optional.empty(), Optional.empty(), false);

    /** The side that may have several series. */
    public enum Group {
        /** Neither; or both, for a set operator. */
        NONE,
        /** {@code group_left}. */
        LEFT,
        /** {@code group_right}. */
        RIGHT
    }

    /**
     * Copies the lists of labels.
     *
     * @param on whether only the labels are compared, instead of all but them
     * @param labels the labels of {@code on} or {@code ignoring}, in the order of the text
     * @param group the side that may have several series for one of the other
     * @param include labels that are taken from the side with one series; empty without a group
     * @param fillLeft the value of series that are missing on the left, if any
     * @param fillRight the value of series that are missing on the right, if any
     * @param templated whether labels with template variables in them are meant as such; false if there are none
     * @throws IllegalArgumentException if a label is empty or not UTF-8, or labels are included without a group
     */
    public VectorMatching {
        labels = Trees.checkLabels(labels);
        include = Trees.checkLabels(include);
        templated = templated && (Trees.hasTemplate(labels) || Trees.hasTemplate(include));
        Objects.requireNonNull(fillLeft, "fillLeft");
        Objects.requireNonNull(fillRight, "fillRight");
        if (group == Group.NONE && !include.isEmpty()) {
            throw new IllegalArgumentException("include needs a group");
        }
    }

    /**
     * Matches without fill values.
     *
     * @param on whether only the labels are compared, instead of all but them
     * @param labels the labels of {@code on} or {@code ignoring}
     * @param group the side that may have several series for one of the other
     * @param include labels that are taken from the side with one series
     */
    public VectorMatching(boolean on, List<String> labels, Group group, List<String> include) {
        this(on, labels, group, include, Optional.empty(), Optional.empty(), false);
    }

    /** {@return whether there is no clause} */
    public boolean isNone() {
        return !on && labels.isEmpty() && group == Group.NONE && fillLeft.isEmpty() && fillRight.isEmpty();
    }
}
