package services.chorus.seqthink.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader of the shipped objects rejects what an API server would reject. */
class KubernetesObjectsTest {

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: one
              labels:
                app: one
            spec:
              replicas: 1
              template:
                spec:
                  containers:
                    - name: one
                      resources:
                        limits:
                          cpu: 1
                          memory: 1Gi
                      readinessProbe:
                        httpGet:
                          port: https
            """;

    @Test
    void readsAnObjectOfItsKind() throws IOException {
        assertThat(KubernetesObjects.in(DEPLOYMENT))
                .singleElement()
                .satisfies(object -> assertThat(object.getMetadata().getName()).isEqualTo("one"));
    }

    @ParameterizedTest
    @CsvSource({
        "replicas: 1, replica: 1",
        "name: one, nam: one",
        "httpGet:, httpget:",
        "limits:, limit:",
        "containers:, container:",
    })
    void rejectsAnUnknownField(String field, String unknown) {
        assertRejected(DEPLOYMENT.replace(field, unknown)).hasMessageContaining("Unrecognized");
    }

    @ParameterizedTest
    @CsvSource({
        "replicas: 1, replicas: \"1\"",
        "app: one, app: 1",
        "app: one, app: true",
    })
    void rejectsAValueOfAnotherType(String value, String other) {
        assertRejected(DEPLOYMENT.replace(value, other)).hasMessageContaining("coerce");
    }

    @Test
    void rejectsADuplicateField() {
        assertRejected(DEPLOYMENT + "kind: Deployment\n").hasMessageContaining("Duplicate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind: Deploymnt", "kind: Pod", "apiVersion: apps/v1beta1"})
    void rejectsAnUnknownKind(String line) {
        String field = line.substring(0, line.indexOf(':'));

        assertRejected(DEPLOYMENT.replaceFirst(field + ": \\S+", line))
                .hasMessageContaining("Unknown kind of object");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRejected(String yaml) {
        return assertThatThrownBy(() -> KubernetesObjects.in(yaml)).isInstanceOf(IOException.class);
    }
}
