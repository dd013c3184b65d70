/** Benchmarks of promql: alone, and beside parsers that ANTLR made of grammars. */
@NullMarked
package dev.tentpole.benchmarks.promql;

import org.jspecify.annotations.NullMarked;
