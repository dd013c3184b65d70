/**
 * A data source.
 */
@NullMarked
package dev.tentpole.core;

import org.jspecify.annotations.NullMarked;
