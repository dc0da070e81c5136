package services.chorus.seqthink.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import services.chorus.seqthink.testing.CommandLineTool;

/** The objects that {@code kubectl apply -k} would send for a shipped overlay. */
public record Overlay(List<HasMetadata> objects) {

    static final Path FOLDER = Path.of("k8s").toAbsolutePath();

    /**
     * Renders an overlay with the installed kubectl or kustomize. Skips the test without one that
     * supports components, which some distributions do not package.
     */
    public static Overlay render(String name) throws IOException, InterruptedException {
        String[] command =
                CommandLineTool.find("kubectl").isPresent()
                        ? new String[] {"kubectl", "kustomize"}
                        : new String[] {"kustomize", "build"};
        Assumptions.assumeTrue(
                CommandLineTool.find(command[0]).isPresent(),
                "Neither kubectl nor kustomize is installed");
        Path folder = FOLDER.resolve("overlays").resolve(name);
        CommandLineTool.Result result =
                CommandLineTool.needed(command[0], Path.of("target").toAbsolutePath())
                        .run(command[1], folder.toString());
        Assumptions.assumeFalse(
                result.errors().contains("unknown field"),
                "The installed kubectl or kustomize is too old");
        return new Overlay(KubernetesObjects.in(new String(result.orFail(), UTF_8)));
    }

    /** The objects of a kind. */
    public <T extends HasMetadata> List<T> all(Class<T> kind) {
        List<T> found = objects.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertThat(found).as("objects of kind %s", kind.getSimpleName()).isNotEmpty();
        return found;
    }

    /** The object of a kind and a name, which may end with a generated hash. */
    public <T extends HasMetadata> T one(Class<T> kind, String name) {
        List<T> found =
                all(kind).stream()
                        .filter(
                                object ->
                                        object.getMetadata()
                                                .getName()
                                                .matches(name + "(-[a-z0-9]{10})?"))
                        .toList();
        assertThat(found).as("%s %s", kind.getSimpleName(), name).hasSize(1);
        return found.getFirst();
    }

    /** The pods that its workloads start, by the workload's name. */
    Map<String, PodTemplateSpec> pods() {
        return Map.of(
                "seqthink-wrapper",
                one(Deployment.class, "seqthink-wrapper").getSpec().getTemplate(),
                "seqthink-issuer",
                one(StatefulSet.class, "seqthink-issuer").getSpec().getTemplate(),
                "seqthink-redis",
                one(StatefulSet.class, "seqthink-redis").getSpec().getTemplate());
    }
}
