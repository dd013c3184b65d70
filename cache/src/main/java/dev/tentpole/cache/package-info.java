/**
 * A query cache with time to live, and a range cache that fetches only what is missing.
 */
@NullMarked
package dev.tentpole.cache;

import org.jspecify.annotations.NullMarked;
