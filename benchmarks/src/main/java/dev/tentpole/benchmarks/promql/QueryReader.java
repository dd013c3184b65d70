package dev.tentpole.benchmarks.promql;

import dev.tentpole.promql.PromQl;

/** Makes a tree of a query. */
interface QueryReader {

    /**
     * {@return the tree}
     *
     * @param query the text
     */
    Object read(String query);

    /**
     * {@return whether the whole text is understood}
     *
     * @param query the text
     */
    boolean accepts(String query);

    /** {@return the reader of a peer} */
    static QueryReader of(String peer) {
        return switch (peer) {
            case "skywalking" -> new SkyWalkingReader();
            case "grammars-v4" -> GrammarReader.create();
            default -> throw new IllegalArgumentException("peer = " + peer + ", must be skywalking or grammars-v4");
        };
    }

    /** The parser that is measured. */
    final class Tentpole implements QueryReader {

        @Override
        public Object read(String query) {
            return PromQl.tryParse(query);
        }

        @Override
        public boolean accepts(String query) {
            return PromQl.tryParse(query).isValid();
        }
    }
}
