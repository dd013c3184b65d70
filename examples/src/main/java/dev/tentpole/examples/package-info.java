/**
 * Big Tent: one data source over MySQL, a REST API and Prometheus, which watches the machine that it runs on.
 *
 * <pre>{@code
 * try (BigTent bigTent = BigTent.start(Options.defaults().withPort(0))) {
 *     System.out.println(bigTent.address());
 *     bigTent.awaitStop();
 * }
 * }</pre>
 */
@NullMarked
package dev.tentpole.examples;

import org.jspecify.annotations.NullMarked;
