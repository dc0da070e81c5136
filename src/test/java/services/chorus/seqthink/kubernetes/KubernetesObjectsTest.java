package services.chorus.seqthink.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the reader of the shipped objects lets nothing pass that an API server would refuse. */
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
    void refusesAFieldThatTheKindDoesNotHave(String field, String unknown) {
        assertRefused(DEPLOYMENT.replace(field, unknown)).hasMessageContaining("Unrecognized");
    }

    @ParameterizedTest
    @CsvSource({
        "replicas: 1, replicas: \"1\"",
        "app: one, app: 1",
        "app: one, app: true",
    })
    void refusesAValueOfAnotherType(String value, String other) {
        assertRefused(DEPLOYMENT.replace(value, other)).hasMessageContaining("coerce");
    }

    @Test
    void refusesAFieldThatStandsTwice() {
        assertRefused(DEPLOYMENT + "kind: Deployment\n").hasMessageContaining("Duplicate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind: Deploymnt", "kind: Pod", "apiVersion: apps/v1beta1"})
    void refusesAKindThatItDoesNotKnow(String line) {
        String field = line.substring(0, line.indexOf(':'));

        assertRefused(DEPLOYMENT.replaceFirst(field + ": \\S+", line))
                .hasMessageContaining("No kind of object");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String yaml) {
        return assertThatThrownBy(() -> KubernetesObjects.in(yaml)).isInstanceOf(IOException.class);
    }
}
