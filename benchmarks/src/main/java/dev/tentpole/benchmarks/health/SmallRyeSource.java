package dev.tentpole.benchmarks.health;

import io.smallrye.health.AsyncHealthCheckFactory;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.health.registry.HealthRegistryImpl;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * SmallRye's reporter, with what a CDI container would inject put in by hand: there are no beans, checks are added.
 *
 * <p>It knows a check that is added by the name of its class, so that each check here needs a class of its own.
 */
final class SmallRyeSource implements HealthSource {

    private static final int TIMEOUT_SECONDS = 60;
    private static final Instance<?> NO_BEANS = (Instance<?>) Proxy.newProxyInstance(
            SmallRyeSource.class.getClassLoader(),
            new Class<?>[] {Instance.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "iterator" -> Collections.emptyIterator();
                case "handles" -> List.of();
                case "select" -> proxy;
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private final SmallRyeHealthReporter reporter = new SmallRyeHealthReporter();

    SmallRyeSource(int checks, boolean slow) {
        for (Field field : SmallRyeHealthReporter.class.getDeclaredFields()) {
            inject(field);
        }
        reporter.setTimeoutSeconds(TIMEOUT_SECONDS);
        reporter.setEmptyChecksOutcome("UP");
        for (int i = 0; i < checks; i++) {
            reporter.addHealthCheck(slow ? new SlowCheck() : checkOfItsOwnClass());
        }
    }

    @Override
    public Object read() {
        return reporter.getHealth();
    }

    @Override
    public String body() {
        return reporter.getHealth().getPayload().toString();
    }

    @Override
    public int checks() {
        SmallRyeHealth health = reporter.getHealth();
        return health.getPayload().getJsonArray("checks").size();
    }

    private void inject(Field field) {
        Class<?> type = field.getType();
        Object value = type == AsyncHealthCheckFactory.class
                ? new AsyncHealthCheckFactory()
                : type == HealthRegistryImpl.class
                        ? new HealthRegistryImpl()
                        : type == Instance.class ? NO_BEANS : null;
        if (value != null) {
            try {
                field.setAccessible(true);
                field.set(reporter, value);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static HealthCheck checkOfItsOwnClass() {
        try (InputStream code = SmallRyeSource.class.getResourceAsStream("SmallRyeSource$QuickCheck.class")) {
            if (code == null) {
                throw new IllegalStateException("the class file of QuickCheck is not on the class path");
            }
            Class<?> copy = MethodHandles.lookup()
                    .defineHiddenClass(code.readAllBytes(), true)
                    .lookupClass();
            return (HealthCheck) copy.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Costs nothing. */
    static final class QuickCheck implements HealthCheck {

        QuickCheck() {}

        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.up("check");
        }
    }

    /** Takes its time. */
    static final class SlowCheck implements HealthCheck {

        @Override
        public HealthCheckResponse call() {
            HealthSource.work(true);
            return HealthCheckResponse.up("check");
        }
    }
}
