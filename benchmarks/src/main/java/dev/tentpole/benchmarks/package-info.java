/**
 * Tentpole's blocks beside their peers: JMH benchmarks, the program that runs them and the one that prints their tables.
 *
 * <p>A benchmark has a parameter {@code implementation}, whose first value is {@code tentpole} and whose others are the
 * peers that do the same work in the same run. The README of this module has the commands.
 */
@NullMarked
package dev.tentpole.benchmarks;

import org.jspecify.annotations.NullMarked;
