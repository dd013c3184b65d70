package dev.tentpole.benchmarks.health;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointWebExtension;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.registry.DefaultHealthContributorRegistry;
import tools.jackson.databind.json.JsonMapper;

/** Spring Boot's endpoint as its auto-configuration would build it, with default details and no cache in front. */
final class SpringSource implements HealthSource {

    private final HealthEndpoint endpoint;
    private final HealthEndpointWebExtension web;

    SpringSource(int checks, boolean slow) {
        DefaultHealthContributorRegistry registry = new DefaultHealthContributorRegistry();
        for (int i = 0; i < checks; i++) {
            HealthIndicator indicator = () -> {
                HealthSource.work(slow);
                return Health.up().build();
            };
            registry.registerContributor("check-" + i, indicator);
        }
        endpoint = new HealthEndpoint(registry, null, HealthEndpointGroups.of(new Everything(), Map.of()), null);
        web = new HealthEndpointWebExtension(registry, null, HealthEndpointGroups.of(new Everything(), Map.of()), null);
    }

    @Override
    public Object read() {
        return endpoint.health();
    }

    @Override
    public String body() {
        return JsonMapper.shared()
                .writeValueAsString(web.health(ApiVersion.LATEST, WebServerNamespace.SERVER, SecurityContext.NONE)
                        .getBody());
    }

    @Override
    public int checks() {
        return endpoint.health() instanceof CompositeHealthDescriptor composite && composite.getComponents() != null
                ? composite.getComponents().size()
                : 0;
    }

    /** The group of all checks. */
    private static final class Everything implements HealthEndpointGroup {

        private final StatusAggregator aggregator = StatusAggregator.getDefault();

        @Override
        public boolean isMember(String name) {
            return true;
        }

        @Override
        public boolean showComponents(SecurityContext context) {
            return false;
        }

        @Override
        public boolean showDetails(SecurityContext context) {
            return false;
        }

        @Override
        public StatusAggregator getStatusAggregator() {
            return aggregator;
        }

        @Override
        public HttpCodeStatusMapper getHttpCodeStatusMapper() {
            return HttpCodeStatusMapper.DEFAULT;
        }

        @Override
        public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
            return null;
        }
    }
}
