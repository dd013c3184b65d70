package dev.tentpole.promql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Walks over trees of any depth: the stack is on the heap. */
final class Walks {

    private Walks() {}

    /** {@return whether both trees have the same shape and each two nodes at the same place are alike} */
    static <T> boolean equal(T left, T right, BiPredicate<T, T> alike, Function<T, List<? extends T>> children) {
        if (!alike.test(left, right)) {
            return false;
        }
        if (children.apply(left).isEmpty()) {
            return children.apply(right).isEmpty();
        }
        Deque<T> open = new ArrayDeque<>();
        open.push(left);
        open.push(right);
        while (!open.isEmpty()) {
            List<? extends T> rights = children.apply(open.pop());
            List<? extends T> lefts = children.apply(open.pop());
            if (lefts.size() != rights.size()) {
                return false;
            }
            for (int i = 0; i < lefts.size(); i++) {
                if (lefts.get(i) != rights.get(i)) {
                    if (!alike.test(lefts.get(i), rights.get(i))) {
                        return false;
                    }
                    open.push(lefts.get(i));
                    open.push(rights.get(i));
                }
            }
        }
        return true;
    }

    /** {@return a hash over all nodes, each hashed without its children} */
    static <T> int hash(T root, ToIntFunction<T> own, Function<T, List<? extends T>> children) {
        List<? extends T> first = children.apply(root);
        int hash = own.applyAsInt(root);
        if (first.isEmpty()) {
            return hash;
        }
        Deque<T> open = new ArrayDeque<>();
        pushAll(open, first);
        while (!open.isEmpty()) {
            T node = open.pop();
            List<? extends T> parts = children.apply(node);
            hash = (hash * 31 + own.applyAsInt(node)) * 31 + parts.size();
            pushAll(open, parts);
        }
        return hash;
    }

    /** Pushes nodes so that the first one is popped first. */
    static <T> void pushAll(Deque<? super T> open, List<? extends T> nodes) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            open.push(nodes.get(i));
        }
    }
}
