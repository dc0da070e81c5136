package services.chorus.seqthink.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The properties of each rendered overlay. */
@ParameterizedClass
@ValueSource(strings = {"production", "small"})
class OverlayTest {

    /** The secrets that {@code make-keys.sh} makes. */
    private static final Set<String> SECRETS =
            Set.of(
                    "seqthink-age-identity",
                    "seqthink-door-key",
                    "seqthink-issuer-identity",
                    "seqthink-redis",
                    "seqthink-wrapper-tls",
                    "seqthink-issuer-tls",
                    "seqthink-redis-tls");

    @Parameter String name;
    Overlay overlay;

    @BeforeEach
    void render() throws IOException, InterruptedException {
        overlay = Overlay.render(name);
    }

    @Test
    void everythingIsInOneNamespaceThatAdmitsRestrictedPodsOnly() {
        assertThat(overlay.all(Namespace.class))
                .singleElement()
                .satisfies(
                        namespace ->
                                assertThat(namespace.getMetadata().getLabels())
                                        .containsEntry(
                                                "pod-security.kubernetes.io/enforce",
                                                "restricted"));
        assertThat(overlay.objects())
                .filteredOn(object -> !(object instanceof Namespace))
                .allMatch(object -> "seqthink".equals(object.getMetadata().getNamespace()));
    }

    @Test
    void everyPodMeetsTheRestrictedProfile() {
        assertThat(overlay.pods().values())
                .extracting(PodTemplateSpec::getSpec)
                .allSatisfy(OverlayTest::assertRestricted);
    }

    private static void assertRestricted(PodSpec pod) {
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                .isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(30);
        for (Container container : pod.getContainers()) {
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getResources().getLimits()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        }
    }

    @Test
    void everyPodUsesExistingObjects() {
        Set<String> configMaps = names(ConfigMap.class);
        for (PodTemplateSpec template : overlay.pods().values()) {
            PodSpec pod = template.getSpec();
            assertThat(names(ServiceAccount.class)).contains(pod.getServiceAccountName());
            Container container = pod.getContainers().getFirst();
            container
                    .getEnvFrom()
                    .forEach(
                            from ->
                                    assertThat(configMaps)
                                            .contains(from.getConfigMapRef().getName()));
            for (Volume volume : pod.getVolumes()) {
                Optional.ofNullable(volume.getConfigMap())
                        .ifPresent(source -> assertThat(configMaps).contains(source.getName()));
            }
            assertThat(secretsOf(pod)).isNotEmpty().isSubsetOf(SECRETS);
        }
    }

    @Test
    void noSecretIsInAnEnvironmentVariable() {
        assertThat(overlay.pods().values())
                .flatExtracting(pod -> pod.getSpec().getContainers())
                .allSatisfy(
                        container -> {
                            assertThat(container.getEnv())
                                    .allMatch(variable -> variable.getValueFrom() == null);
                            assertThat(container.getEnvFrom())
                                    .allMatch(source -> source.getSecretRef() == null);
                        });
    }

    @Test
    void everySecretIsMounted() {
        assertThat(overlay.pods().values().stream().flatMap(pod -> secretsOf(pod.getSpec())))
                .containsAll(SECRETS);
    }

    @Test
    void probesUseTheServicesHealthRoutesOverTls() {
        for (String workload : List.of("seqthink-wrapper", "seqthink-issuer")) {
            Container container = container(workload);
            assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe()))
                    .allSatisfy(probe -> assertAsks(probe, "/health"));
            assertAsks(container.getReadinessProbe(), "/ready");
        }
    }

    private static void assertAsks(Probe probe, String path) {
        assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
        assertThat(probe.getHttpGet().getScheme()).isEqualTo("HTTPS");
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("https");
    }

    @Test
    void everyServiceSelectsPodsAndTheirPort() {
        for (Service service : overlay.all(Service.class)) {
            PodTemplateSpec pod = overlay.pods().get(service.getMetadata().getName());
            assertThat(pod.getMetadata().getLabels())
                    .containsAllEntriesOf(service.getSpec().getSelector());
            assertThat(service.getSpec().getPorts())
                    .singleElement()
                    .satisfies(
                            port ->
                                    assertThat(pod.getSpec().getContainers().getFirst().getPorts())
                                            .extracting(of -> of.getName())
                                            .contains(port.getTargetPort().getStrVal()));
        }
    }

    @Test
    void noPlaceholderRemains() {
        assertThat(overlay.objects())
                .extracting(HasMetadata::toString)
                .noneMatch(text -> text.matches("(?s).*\\b(DOMAIN|[A-Z]+_NAMESPACE|REPLACE)\\b.*"));
        assertThat(container("seqthink-wrapper").getImage()).contains(":");
        assertThat(container("seqthink-issuer").getImage())
                .isEqualTo(container("seqthink-wrapper").getImage());
    }

    @Test
    void theGatewayScalesUpQuicklyAndDownSlowly() {
        HorizontalPodAutoscaler scaler =
                overlay.one(HorizontalPodAutoscaler.class, "seqthink-wrapper");

        assertThat(scaler.getSpec().getMinReplicas()).isEqualTo(name.equals("small") ? 1 : 3);
        assertThat(scaler.getSpec().getMaxReplicas()).isEqualTo(5);
        assertThat(scaler.getSpec().getMetrics())
                .extracting(metric -> metric.getResource().getTarget().getAverageUtilization())
                .containsExactly(70, 80);
        assertThat(scaler.getSpec().getBehavior().getScaleUp().getStabilizationWindowSeconds())
                .isEqualTo(30);
        assertThat(scaler.getSpec().getBehavior().getScaleDown().getStabilizationWindowSeconds())
                .isEqualTo(300);
        assertThat(overlay.one(Deployment.class, "seqthink-wrapper").getSpec().getReplicas())
                .as("replicas, which the autoscaler sets")
                .isNull();
    }

    @Test
    void evictionsRemoveOneGatewayAtATime() {
        assertThat(overlay.all(PodDisruptionBudget.class))
                .singleElement()
                .satisfies(
                        budget -> {
                            assertThat(budget.getSpec().getMaxUnavailable().getIntVal())
                                    .isEqualTo(1);
                            assertThat(
                                            overlay.pods()
                                                    .get("seqthink-wrapper")
                                                    .getMetadata()
                                                    .getLabels())
                                    .containsAllEntriesOf(
                                            budget.getSpec().getSelector().getMatchLabels());
                        });
    }

    @Test
    void theQuotaPermitsAnUpdateAtFiveGatewaysWhenThoseThatEndCountToo() {
        Map<String, Quantity> hard =
                overlay.one(ResourceQuota.class, "seqthink").getSpec().getHard();
        for (String resource : List.of("cpu", "memory")) {
            assertThat(hard.get("limits." + resource).getNumericalAmount())
                    .isGreaterThanOrEqualTo(atMost(resource, true));
            assertThat(hard.get("requests." + resource).getNumericalAmount())
                    .isGreaterThanOrEqualTo(atMost(resource, false));
        }
    }

    private BigDecimal atMost(String resource, boolean limit) {
        return Stream.of("seqthink-wrapper", "seqthink-issuer", "seqthink-redis")
                .map(
                        workload -> {
                            var resources = container(workload).getResources();
                            Quantity each =
                                    (limit ? resources.getLimits() : resources.getRequests())
                                            .get(resource);
                            int pods = workload.equals("seqthink-wrapper") ? 10 : 1;
                            return each.getNumericalAmount().multiply(BigDecimal.valueOf(pods));
                        })
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private Container container(String workload) {
        return overlay.pods().get(workload).getSpec().getContainers().getFirst();
    }

    private Set<String> names(Class<? extends HasMetadata> kind) {
        return overlay.all(kind).stream()
                .map(object -> object.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static Stream<String> secretsOf(PodSpec pod) {
        Set<String> secrets = new HashSet<>();
        for (Volume volume : pod.getVolumes()) {
            Optional.ofNullable(volume.getSecret())
                    .ifPresent(source -> secrets.add(source.getSecretName()));
            Optional.ofNullable(volume.getProjected()).stream()
                    .flatMap(projected -> projected.getSources().stream())
                    .map(VolumeProjection::getSecret)
                    .forEach(secret -> secrets.add(secret.getName()));
        }
        return secrets.stream();
    }
}
