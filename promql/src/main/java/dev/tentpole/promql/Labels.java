package dev.tentpole.promql;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the result of an expression without running it: of each label, whether series can have it and whether
 * all have it; and whether there is a result at all.
 *
 * <p>Only so many labels are tracked by name; what is known of more is forgotten, which is always safe. Immutable.
 */
final class Labels {

    /** Enough for what people write, and little enough that a megabyte of labels takes linear time. */
    static final int MAX_TRACKED = 32;

    /** Whether series have a label. */
    enum Presence {
        /** No series has it. */
        IMPOSSIBLE,
        /** It is not known. */
        POSSIBLE,
        /** All series have it. */
        GUARANTEED
    }

    /**
     * What is known of one label.
     *
     * @param presence whether series have it
     * @param value the value that all have, if known; empty if none has the label
     * @param cause the expression that made it so
     * @param matcher the matcher that made it so, if it was one
     */
    record Fact(
            Presence presence,
            @Nullable String value,
            @Nullable Expr cause,
            @Nullable Matcher matcher) {

        static final Fact POSSIBLE = new Fact(Presence.POSSIBLE, null, null, null);

        static Fact impossible(Expr cause) {
            return new Fact(Presence.IMPOSSIBLE, "", cause, null);
        }

        static Fact guaranteed(Expr cause, @Nullable String value) {
            return new Fact(Presence.GUARANTEED, value, cause, null);
        }

        boolean isImpossible() {
            return presence == Presence.IMPOSSIBLE;
        }

        boolean isGuaranteed() {
            return presence == Presence.GUARANTEED;
        }

        /** {@return whether no label can be as both facts say} */
        boolean contradicts(Fact other) {
            if (value != null && other.value != null) {
                return !value.equals(other.value);
            }
            return (isImpossible() && other.isGuaranteed()) || (isGuaranteed() && other.isImpossible());
        }

        /** {@return what is known of a label for which both facts hold} */
        Fact and(Fact other) {
            boolean vaguer = presence == Presence.POSSIBLE || (value == null && other.value != null);
            return vaguer && other.presence != Presence.POSSIBLE ? other : this;
        }

        /** {@return what is known of a label for which one of both facts holds} */
        Fact or(Fact other) {
            if (presence != other.presence || presence == Presence.POSSIBLE) {
                return POSSIBLE;
            }
            boolean same = value != null && value.equals(other.value);
            return same || value == null ? this : new Fact(presence, null, cause, matcher);
        }
    }

    /** Whether there is a result. */
    enum Result {
        /** Never: something in the expression contradicts something else. */
        NEVER,
        /** It depends on the data. */
        MAYBE,
        /** Always, whatever the data is. */
        ALWAYS
    }

    /** The result of a scalar or a text: no series, no labels. */
    static final Labels SCALAR = new Labels(new String[0], new Fact[0], 0, Fact.POSSIBLE, true, Result.ALWAYS, false);

    /** Nothing is known. */
    static final Labels UNKNOWN = new Labels(new String[0], new Fact[0], 0, Fact.POSSIBLE, false, Result.MAYBE, true);

    private final String[] names;
    private final Fact[] facts;
    private final int count;
    private final Fact rest;
    private final boolean scalar;
    private final Result result;
    private final boolean condition;

    private Labels(
            String[] names, Fact[] facts, int count, Fact rest, boolean scalar, Result result, boolean condition) {
        this.names = names;
        this.facts = facts;
        this.count = count;
        this.rest = rest;
        this.scalar = scalar;
        this.result = result;
        this.condition = condition;
    }

    /** {@return series with any labels} */
    static Labels any() {
        return new Labels(new String[0], new Fact[0], 0, Fact.POSSIBLE, false, Result.MAYBE, false);
    }

    /** {@return one series without labels} */
    static Labels none(Expr cause) {
        return new Labels(new String[0], new Fact[0], 0, Fact.impossible(cause), false, Result.MAYBE, false);
    }

    /** {@return what is known of a label} */
    Fact get(String name) {
        for (int i = 0; i < count; i++) {
            if (names[i].equals(name)) {
                return facts[i];
            }
        }
        return rest;
    }

    /** {@return what is known of all labels that are not among {@link #names}} */
    Fact rest() {
        return rest;
    }

    /** {@return the labels of which something is known by name} */
    List<String> names() {
        return Arrays.asList(names).subList(0, count);
    }

    /** {@return whether this is no vector but a scalar or a text} */
    boolean isScalar() {
        return scalar;
    }

    /** {@return whether there is a result} */
    Result result() {
        return result;
    }

    /** {@return whether the values decide which series are returned, or this is not known} */
    boolean hasCondition() {
        return condition;
    }

    /** {@return whether there is at most one series: each label has a known value} */
    boolean isSingle() {
        if (scalar || result == Result.NEVER) {
            return true;
        }
        if (!rest.isImpossible()) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (facts[i].value() == null) {
                return false;
            }
        }
        return true;
    }

    Labels with(Result other) {
        return other == result ? this : new Labels(names, facts, count, rest, scalar, other, condition);
    }

    Labels withCondition(boolean other) {
        return other == condition ? this : new Labels(names, facts, count, rest, scalar, result, other);
    }

    /** {@return the same series, but for one label} */
    Labels with(String name, Fact fact) {
        Building changed = new Building(this, 1);
        changed.put(name, fact);
        return changed.build();
    }

    /** {@return the series without a label} */
    Labels drop(String name, Expr cause) {
        return get(name).isImpossible() ? this : with(name, Fact.impossible(cause));
    }

    /** {@return the series without labels} */
    Labels dropAll(Collection<String> dropped, Expr cause) {
        Building changed = new Building(this, dropped.size());
        for (String name : dropped) {
            if (!get(name).isImpossible()) {
                changed.put(name, Fact.impossible(cause));
            }
        }
        return changed.build();
    }

    /** {@return the series with these labels alone} */
    Labels keepOnly(Collection<String> kept, Expr cause) {
        Fact others = rest.isImpossible() ? rest : Fact.impossible(cause);
        Building changed = new Building(this, others, kept.size());
        for (String name : kept) {
            changed.put(name, get(name));
        }
        return changed.build();
    }

    /** {@return the series, each of which may have lost any label} */
    Labels forgetGuarantees() {
        Building changed = new Building(this, 0);
        for (int i = 0; i < count; i++) {
            if (facts[i].isGuaranteed()) {
                changed.put(names[i], Fact.POSSIBLE);
            }
        }
        return changed.build();
    }

    /** {@return the series, each of which may have got any label} */
    Labels forgetImpossible() {
        Building changed = new Building(this, Fact.POSSIBLE, count);
        for (int i = 0; i < count; i++) {
            if (facts[i].isGuaranteed()) {
                changed.put(names[i], facts[i]);
            }
        }
        return changed.build();
    }

    /** {@return the series of both} */
    Labels union(Labels other) {
        Building all = new Building(this, rest.or(other.rest), count + other.count);
        for (int i = 0; i < count; i++) {
            all.put(names[i], facts[i].or(other.get(names[i])));
        }
        for (int i = 0; i < other.count; i++) {
            if (indexOf(other.names[i]) < 0) {
                all.put(other.names[i], other.facts[i].or(rest));
            }
        }
        return all.build();
    }

    /** {@return the series of this result that have the same labels, within a set, as a series of the other} */
    Labels matched(Labels other, LabelSet matching) {
        boolean all = matching.allBut();
        Building changed = new Building(this, all ? rest.and(other.rest) : rest, count + other.count);
        for (int i = 0; i < count; i++) {
            Fact fact = facts[i];
            changed.put(names[i], matching.contains(names[i]) ? fact.and(other.get(names[i])) : fact);
        }
        for (int i = 0; i < other.count; i++) {
            String name = other.names[i];
            if (indexOf(name) < 0) {
                changed.put(name, matching.contains(name) ? rest.and(other.facts[i]) : rest);
            }
        }
        for (String name : matching.names()) {
            if (indexOf(name) < 0 && other.indexOf(name) < 0) {
                changed.put(name, matching.contains(name) ? rest.and(other.rest) : rest);
            }
        }
        return changed.build();
    }

    /** {@return a label by which no series of both can match, or null} */
    @Nullable
    String contradiction(Labels other, LabelSet matching) {
        for (int i = 0; i < count; i++) {
            if (matching.contains(names[i]) && facts[i].contradicts(other.get(names[i]))) {
                return names[i];
            }
        }
        for (int i = 0; i < other.count; i++) {
            if (matching.contains(other.names[i]) && other.facts[i].contradicts(get(other.names[i]))) {
                return other.names[i];
            }
        }
        return null;
    }

    private int indexOf(String name) {
        for (int i = 0; i < count; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** {@return series with any labels, of which more is about to be said} */
    static Building anyWith(int expected) {
        return new Building(any(), expected);
    }

    /** A result whose labels are being changed. */
    static final class Building {
        private final Labels from;
        private Fact rest;
        private String[] names;
        private Fact[] facts;
        private int count;

        /** Starts with all that is known. */
        private Building(Labels from, int more) {
            this(from, from.rest, from.count + more);
            System.arraycopy(from.names, 0, names, 0, from.count);
            System.arraycopy(from.facts, 0, facts, 0, from.count);
            count = from.count;
        }

        /** Starts with what is known of all labels, and none by name. */
        private Building(Labels from, Fact rest, int expected) {
            this.from = from;
            this.rest = rest;
            this.names = new String[Math.min(expected, MAX_TRACKED)];
            this.facts = new Fact[names.length];
        }

        Fact get(String name) {
            for (int i = 0; i < count; i++) {
                if (names[i].equals(name)) {
                    return facts[i];
                }
            }
            return rest;
        }

        void put(String name, Fact fact) {
            for (int i = 0; i < count; i++) {
                if (names[i].equals(name)) {
                    facts[i] = fact;
                    return;
                }
            }
            if (fact.presence() == rest.presence()) {
                return;
            }
            if (count == MAX_TRACKED) {
                // Of what has no place of its own only this is safe to say.
                rest = Fact.POSSIBLE;
                return;
            }
            if (count == names.length) {
                int length = Math.min(MAX_TRACKED, Math.max(4, count * 2));
                names = Arrays.copyOf(names, length);
                facts = Arrays.copyOf(facts, length);
            }
            names[count] = name;
            facts[count++] = fact;
        }

        Labels build() {
            return new Labels(names, facts, count, rest, from.scalar, from.result, from.condition);
        }
    }
}
