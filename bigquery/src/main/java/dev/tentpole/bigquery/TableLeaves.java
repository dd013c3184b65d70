package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The leaves of a table's columns in their order, and which of them are below a field. Immutable. */
final class TableLeaves {

    /** Fields nested deeper than BigQuery allows are read as one leaf. */
    private static final int DEEPEST = 15;

    /** A column or field with the leaves below it, from {@code first} up to but not including {@code last}. */
    record Node(TableField field, String lowerName, int first, int last, Map<String, Node> children) {
        @Nullable
        Node child(String name) {
            Node exact = children.get(name);
            return exact != null ? exact : children.get(SqlText.lower(name));
        }
    }

    /**
     * A leaf.
     *
     * @param path its path as the table writes it
     * @param always whether each row has exactly one value of it: no array and nothing nullable on its path
     * @param repeated whether an array is on its path
     * @param fraction which part of the values is expected not to be null
     */
    record Leaf(String path, TableField field, boolean always, boolean repeated, double fraction) {

        /** Whether each row has at most one value of it, and all of them take the same bytes. */
        boolean isFixed() {
            return !repeated && field.type().isFixed() && field.type() != TableField.Type.STRUCT;
        }
    }

    private final List<Leaf> leaves = new ArrayList<>();
    private final Map<String, Node> columns = new HashMap<>();
    private final Map<String, Integer> byPath = new HashMap<>();
    private final List<Node> order = new ArrayList<>();
    private final boolean json;

    TableLeaves(List<TableField> fields) {
        for (TableField field : fields) {
            Node node = add(field, "", true, false, 1, 0);
            order.add(node);
            columns.put(SqlText.lower(field.name()), node);
        }
        for (int i = 0; i < leaves.size(); i++) {
            byPath.put(SqlText.lower(leaves.get(i).path()), i);
        }
        json = leaves.stream().anyMatch(leaf -> leaf.field().type() == TableField.Type.JSON);
    }

    /** Whether any of them is JSON. */
    boolean hasJson() {
        return json;
    }

    private Node add(TableField field, String prefix, boolean always, boolean repeated, double fraction, int depth) {
        int first = leaves.size();
        String path = prefix + field.name();
        boolean one = always && field.mode() == TableField.Mode.REQUIRED;
        boolean many = repeated || field.mode() == TableField.Mode.REPEATED;
        double present = fraction * (1 - field.nullFraction().orElse(0));
        Map<String, Node> children = new HashMap<>();
        if (field.fields().isEmpty() || depth >= DEEPEST) {
            leaves.add(new Leaf(path, field, one, many, present));
        } else {
            for (TableField child : field.fields()) {
                children.put(SqlText.lower(child.name()), add(child, path + ".", one, many, present, depth + 1));
            }
        }
        return new Node(field, SqlText.lower(field.name()), first, leaves.size(), children);
    }

    List<Leaf> leaves() {
        return leaves;
    }

    List<Node> columns() {
        return order;
    }

    @Nullable
    Node column(String name) {
        Node exact = columns.get(name);
        return exact != null ? exact : columns.get(SqlText.lower(name));
    }

    /** Numbers of leaves by their paths as an array; -1 where there is none. */
    long[] known(Map<String, Long> byLeaf) {
        long[] known = new long[leaves.size()];
        Arrays.fill(known, -1);
        byLeaf.forEach((path, value) -> {
            int index = index(path);
            if (index >= 0) {
                known[index] = value;
            }
        });
        return known;
    }

    /**
     * Whether that many rows may have these bytes in all, and these in the leaves.
     *
     * @param rows the rows, or -1 if they are not known
     * @param bytes all bytes, or -1
     * @param known bytes of leaves, each -1 if they are not known
     */
    boolean agree(long rows, long bytes, long @Nullable [] known) {
        long least = 0;
        long most = 0;
        boolean isOpen = leaves.isEmpty();
        for (int i = 0; i < leaves.size(); i++) {
            Leaf leaf = leaves.get(i);
            long all = CostBytes.times(leaf.field().type().leastBytes(), Math.max(0, rows));
            long own = known == null ? -1 : known[i];
            boolean isFixed = rows >= 0 && leaf.isFixed();
            if (isFixed && own >= 0 && (own > all || (leaf.always() && own < all))) {
                return false;
            }
            isOpen |= own < 0 && (rows < 0 || !leaf.isFixed());
            least = CostBytes.plus(least, own >= 0 ? own : leaf.always() ? all : 0);
            most = CostBytes.plus(most, own >= 0 ? own : all);
        }
        return bytes < 0 || (least <= bytes && (isOpen || bytes <= most));
    }

    /** The index of a leaf, or -1. */
    int index(String path) {
        return byPath.getOrDefault(SqlText.lower(path), -1);
    }
}
