package dev.tentpole.cache;

import java.util.function.Predicate;

/** What was invalidated at some point of a cache's history; tells loads that began before to keep nothing of it. */
record Invalidation<T>(long number, Predicate<T> matches) {}
