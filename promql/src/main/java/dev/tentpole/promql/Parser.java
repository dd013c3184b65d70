package dev.tentpole.promql;

/** Turns text into trees. */
final class Parser {

    Parser(String query, ParseOptions options) {}

    ParseResult parseQuery() {
        throw new UnsupportedOperationException("the parser is being built");
    }

    ParseResult parseSelector() {
        throw new UnsupportedOperationException("the parser is being built");
    }
}
