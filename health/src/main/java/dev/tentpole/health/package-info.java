/**
 * Weighted health of many dependencies, cheap to read, honest about age.
 *
 * <p>A {@link dev.tentpole.health.HealthRegistry} runs {@linkplain dev.tentpole.health.HealthCheck checks} on a schedule;
 * its report is read from memory, as often as anyone likes.
 *
 * <pre>{@code
 * HealthRegistry health = HealthRegistry.builder()
 *         .check(CheckSettings.remote("orders-db").critical(true).build(),
 *                 HealthChecks.dataSource(orders, Duration.ofSeconds(1)))
 *         .check(CheckSettings.local("disk").weight(0.5).build(),
 *                 HealthChecks.diskSpace(Path.of("."), 2_000_000L, 1_000_000L))
 *         .build();
 * health.refreshAll(Duration.ofSeconds(3));
 * HealthReport report = health.report();
 * int status = HealthRenderer.standard().httpStatus(report, Group.READY);
 * String body = HealthRenderer.standard().json(report, Group.READY);
 * }</pre>
 */
@NullMarked
package dev.tentpole.health;

import org.jspecify.annotations.NullMarked;
