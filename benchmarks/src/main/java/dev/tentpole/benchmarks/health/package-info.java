/** Benchmarks of health beside Spring Boot's and SmallRye's. */
@NullMarked
package dev.tentpole.benchmarks.health;

import org.jspecify.annotations.NullMarked;
