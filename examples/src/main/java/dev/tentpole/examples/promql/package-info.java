/** The command line for PromQL: {@code bigtent promql parse|format|lint|optimize}. */
@NullMarked
package dev.tentpole.examples.promql;

import org.jspecify.annotations.NullMarked;
