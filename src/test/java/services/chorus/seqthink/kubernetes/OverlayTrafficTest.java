package services.chorus.seqthink.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The traffic that each overlay permits, from outside and between its pods. */
@ParameterizedClass
@ValueSource(strings = {"production", "small"})
class OverlayTrafficTest {

    @Parameter String name;
    Overlay overlay;

    @BeforeEach
    void render() throws IOException, InterruptedException {
        overlay = Overlay.render(name);
    }

    @Test
    void theIngressPublishesTheCallersRoutesAndNoMetrics() {
        assertThat(overlay.all(Ingress.class))
                .flatExtracting(ingress -> ingress.getSpec().getRules())
                .flatExtracting(rule -> rule.getHttp().getPaths())
                .extracting(HTTPIngressPath::getPath)
                .containsExactlyInAnyOrder(
                        "/mcp",
                        "/health",
                        "/.well-known/age-recipients",
                        "/.well-known/oauth-protected-resource",
                        "/oauth",
                        "/.well-known/jwks.json",
                        "/.well-known/oauth-authorization-server",
                        "/.well-known/revoked-tokens");
    }

    @Test
    void theIngressServesTheConfiguredDomainOverTls() {
        String host =
                overlay.one(ConfigMap.class, "seqthink-wrapper")
                        .getData()
                        .get("PUBLIC_URL")
                        .replace("https://", "");
        assertThat(overlay.all(Ingress.class))
                .allSatisfy(
                        ingress -> {
                            assertThat(ingress.getSpec().getRules())
                                    .allMatch(rule -> host.equals(rule.getHost()));
                            assertThat(ingress.getSpec().getTls())
                                    .allMatch(tls -> tls.getHosts().equals(List.of(host)));
                            assertThat(ingress.getMetadata().getAnnotations())
                                    .containsEntry(
                                            "nginx.ingress.kubernetes.io/backend-protocol",
                                            "HTTPS");
                        });
    }

    @Test
    void theGatewayConnectsToIssuerRedisAndDnsOnly() {
        NetworkPolicy nothing = overlay.one(NetworkPolicy.class, "default-deny");
        assertThat(nothing.getSpec().getPodSelector().getMatchLabels()).isNullOrEmpty();
        assertThat(nothing.getSpec().getPodSelector().getMatchExpressions()).isNullOrEmpty();
        assertThat(nothing.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(nothing.getSpec().getIngress()).isNullOrEmpty();
        assertThat(nothing.getSpec().getEgress()).isNullOrEmpty();

        assertThat(overlay.all(NetworkPolicy.class))
                .filteredOn(policy -> !policy.getSpec().getEgress().isEmpty())
                .singleElement()
                .satisfies(
                        policy ->
                                assertThat(policy.getSpec().getEgress())
                                        .flatExtracting(rule -> rule.getPorts())
                                        .extracting(port -> port.getPort().getValue())
                                        .containsExactly("https", "redis", 53, 53));
    }

    @Test
    void prometheusVerifiesTheServersItScrapes() {
        List<ServiceMonitor> monitors =
                overlay.objects().stream()
                        .filter(ServiceMonitor.class::isInstance)
                        .map(ServiceMonitor.class::cast)
                        .toList();
        assertThat(monitors).hasSize(name.equals("small") ? 0 : 2);
        for (ServiceMonitor monitor : monitors) {
            Service service = overlay.one(Service.class, monitor.getMetadata().getName());
            assertThat(service.getMetadata().getLabels())
                    .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels());
            assertThat(monitor.getSpec().getEndpoints())
                    .singleElement()
                    .satisfies(
                            endpoint -> {
                                assertThat(endpoint.getPath()).isEqualTo("/metrics");
                                assertThat(endpoint.getTlsConfig().getServerName())
                                        .isEqualTo(service.getMetadata().getName());
                                assertThat(endpoint.getTlsConfig().getInsecureSkipVerify())
                                        .isNull();
                            });
        }
    }
}
