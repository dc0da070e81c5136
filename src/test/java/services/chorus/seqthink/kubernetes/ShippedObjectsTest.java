package services.chorus.seqthink.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every object under {@code k8s} as written, before kustomize combines them. */
class ShippedObjectsTest {

    private static final Path SAMPLE = Overlay.FOLDER.resolve("secrets.sample.yaml");

    @Test
    void everyObjectHasOnlyFieldsOfItsKind() throws IOException {
        int objects = 0;
        for (Path file : filesOfObjects()) {
            objects += KubernetesObjects.in(Files.readString(file)).size();
        }

        assertThat(objects).isGreaterThan(25);
    }

    @Test
    void everySecretIsASampleWithPlaceholders() throws IOException {
        for (Path file : filesOfObjects()) {
            for (HasMetadata object : KubernetesObjects.in(Files.readString(file))) {
                if (object instanceof Secret secret) {
                    assertThat(file).isEqualTo(SAMPLE);
                    assertThat(secret.getData()).isNullOrEmpty();
                    assertThat(secret.getStringData().values())
                            .allMatch(value -> value.startsWith("REPLACE"));
                }
            }
        }
        assertThat(SAMPLE).exists();
    }

    @Test
    void theOperatorsRulesEqualThePrometheusRules() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        JsonNode wrapped =
                yaml.readTree(
                        Overlay.FOLDER
                                .resolve("components/monitoring/prometheus-rule.yaml")
                                .toFile());
        JsonNode rules =
                yaml.readTree(
                        Overlay.FOLDER
                                .resolveSibling("deploy/prometheus/seqthink-rules.yaml")
                                .toFile());

        assertThat(wrapped.path("spec"))
                .as("run k8s/components/monitoring/wrap-rules.sh")
                .isEqualTo(rules);
    }

    private static List<Path> filesOfObjects() throws IOException {
        try (Stream<Path> files = Files.walk(Overlay.FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .toList();
        }
    }
}
