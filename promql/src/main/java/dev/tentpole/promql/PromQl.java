package dev.tentpole.promql;

import dev.tentpole.base.Args;

/**
 * Reads and prints PromQL.
 *
 * <p>All methods are static, keep nothing, and are safe for use by several threads. They take any text: queries of a
 * megabyte, or nested a hundred thousand deep, are answered in time linear in their length, and nothing but
 * {@link PromQlException} is thrown because of a text.
 */
public final class PromQl {

    /** The width that {@link #format(Expr)} keeps to, in bytes, as Prometheus does. */
    public static final int DEFAULT_WIDTH = 100;

    private PromQl() {}

    /**
     * {@return the tree of a query in the language of {@link ParseOptions#defaults}}
     *
     * @param query the text
     * @throws PromQlException if Prometheus would not take the text
     */
    public static Expr parse(String query) {
        return parse(query, ParseOptions.defaults());
    }

    /**
     * {@return the tree of a query}
     *
     * @param query the text
     * @param options which language it is in
     * @throws PromQlException if a Prometheus of these options would not take the text
     */
    public static Expr parse(String query, ParseOptions options) {
        return tryParse(query, options).orElseThrow();
    }

    /**
     * {@return the tree of a query, if it has one, and all that is wrong with it}
     *
     * @param query the text, in the language of {@link ParseOptions#defaults}
     */
    public static ParseResult tryParse(String query) {
        return tryParse(query, ParseOptions.defaults());
    }

    /**
     * {@return the tree of a query, if it has one, and all that is wrong with it}
     *
     * @param query the text
     * @param options which language it is in
     */
    public static ParseResult tryParse(String query, ParseOptions options) {
        return new Parser(query, options).parseQuery();
    }

    /**
     * {@return a bare selector, as the HTTP API takes it in {@code match[]}}: a name, braces, or both. It may select
     * everything, and there are no modifiers behind it.
     *
     * @param selector the text, in the language of {@link ParseOptions#defaults}
     * @throws PromQlException if the text is no selector
     */
    public static Expr.VectorSelector parseSelector(String selector) {
        return parseSelector(selector, ParseOptions.defaults());
    }

    /**
     * {@return a bare selector, as the HTTP API takes it in {@code match[]}}
     *
     * @param selector the text
     * @param options which language it is in
     * @throws PromQlException if the text is no selector
     * @see #parseSelector(String)
     */
    public static Expr.VectorSelector parseSelector(String selector, ParseOptions options) {
        return (Expr.VectorSelector)
                new Parser(selector, options).parseSelector().orElseThrow();
    }

    /**
     * {@return the expression on as many lines as it takes to keep to {@link #DEFAULT_WIDTH}}
     *
     * @param expr the expression
     */
    public static String format(Expr expr) {
        return format(expr, DEFAULT_WIDTH);
    }

    /**
     * {@return the expression on several lines: what is longer than the width is split into its parts, which are indented
     * by two spaces a level; selectors and literals are never split} This is the form of {@code promtool promql format}.
     *
     * @param expr the expression
     * @param width how long the one-line form of a part may be, in bytes, from 1 on
     * @throws IllegalArgumentException if the width is less than 1
     */
    public static String format(Expr expr, int width) {
        Args.inRange("width", width, 1, Integer.MAX_VALUE);
        return PrettyPrinter.print(expr, width);
    }
}
