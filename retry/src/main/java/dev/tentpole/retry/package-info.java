/**
 * Try again without making it worse.
 */
@NullMarked
package dev.tentpole.retry;

import org.jspecify.annotations.NullMarked;
