package dev.tentpole.benchmarks.promql;

import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.apache.skywalking.promql.rt.grammar.PromQLLexer;
import org.apache.skywalking.promql.rt.grammar.PromQLParser;

/** The parser of Apache SkyWalking's PromQL plugin, which knows a part of the language and checks no types. */
final class SkyWalkingReader implements QueryReader {

    @Override
    public Object read(String query) {
        return parser(query).root();
    }

    @Override
    public boolean accepts(String query) {
        PromQLParser parser = parser(query);
        parser.root();
        return parser.getNumberOfSyntaxErrors() == 0 && parser.getInputStream().LA(1) == Token.EOF;
    }

    private static PromQLParser parser(String query) {
        PromQLLexer lexer = new PromQLLexer(CharStreams.fromString(query));
        lexer.removeErrorListeners();
        PromQLParser parser = new PromQLParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        return parser;
    }
}
