package services.chorus.seqthink.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The overlay with monitoring, as the Prometheus operator reads it. */
class OverlayMonitoringTest {

    Overlay overlay;

    @BeforeEach
    void render() throws IOException, InterruptedException {
        overlay = Overlay.render("production");
    }

    @Test
    void theOperatorSelectsEveryMonitorAndTheRulesByLabel() {
        assertThat(
                        Stream.<HasMetadata>concat(
                                overlay.all(ServiceMonitor.class).stream(),
                                overlay.all(PrometheusRule.class).stream()))
                .hasSize(3)
                .allSatisfy(
                        object ->
                                assertThat(object.getMetadata().getLabels())
                                        .containsEntry("release", "kube-prometheus-stack"));
    }

    @Test
    void everyAlertLinksToItsSectionOfTheRunbook() {
        List<Rule> alerts =
                overlay.all(PrometheusRule.class).getFirst().getSpec().getGroups().stream()
                        .flatMap(group -> group.getRules().stream())
                        .filter(rule -> rule.getAlert() != null)
                        .toList();

        assertThat(alerts)
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        alert ->
                                assertThat(alert.getAnnotations().get("runbook_url"))
                                        .matches(
                                                "https://[^#]+/docs/runbook\\.md#"
                                                        + alert.getAlert()
                                                                .toLowerCase(Locale.ROOT)));
    }
}
