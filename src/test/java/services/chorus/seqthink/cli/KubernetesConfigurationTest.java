package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.app.Judged;
import services.chorus.seqthink.kubernetes.Overlay;
import services.chorus.seqthink.testing.CertificateFiles;

/** A gateway and an issuer start with the configuration of each overlay. */
@ParameterizedClass
@ValueSource(strings = {"production", "small"})
class KubernetesConfigurationTest {

    @Parameter String overlay;
    @TempDir Path root;

    @BeforeEach
    void mountTheSecrets() throws IOException, InterruptedException {
        Path keys = Files.createDirectories(root.resolve("run/secrets/seqthink"));
        DoorFiles door = DoorFiles.in(keys);
        Files.copy(door.identities(), keys.resolve("issuer-identity"));
        Files.move(door.identities(), keys.resolve("age-identity"));
        Files.move(door.doorKey(), keys.resolve("door-key"));
        Files.writeString(
                keys.resolve("settings.toml"),
                "[state]\nurl = \"rediss://door:secret@seqthink-redis:6379\"\n");
        Path tls = Files.createDirectories(root.resolve("run/secrets/tls"));
        CertificateFiles pair = CertificateFiles.make(tls, "own");
        Files.move(pair.authority(), tls.resolve("ca.crt"));
        Files.move(pair.certificate(), tls.resolve("tls.crt"));
        Files.move(pair.key(), tls.resolve("tls.key"));
    }

    @Test
    void configuresAGatewayThatStarts() throws IOException, InterruptedException {
        Judged judged = new Judged(environment("seqthink-wrapper"));

        assertThat(judged.lines()).isEmpty();
        assertThat(judged.usable().state().url()).isPresent();
    }

    @Test
    void configuresAnIssuerThatStarts() throws IOException, InterruptedException {
        assertThat(new Judged(environment("seqthink-issuer")).lines()).isEmpty();
    }

    @Test
    void configuresTheGatewayToAcceptTheIssuersTokens() throws IOException, InterruptedException {
        Map<String, String> door = environment("seqthink-wrapper");
        Map<String, String> issuer = environment("seqthink-issuer");

        assertThat(door.get("JWT_ISSUER")).isEqualTo(issuer.get("ISSUER_URL"));
        assertThat(door.get("JWT_AUDIENCE")).isEqualTo(issuer.get("ISSUER_AUDIENCE"));
        assertThat(door.get("KACHING_JWKS_URL")).startsWith("https://seqthink-issuer:");
        assertThat(issuer.get("ALLOWED_HOSTS")).endsWith(",seqthink-issuer");
    }

    /** A pod's environment, with its paths moved below the test's folder. */
    private Map<String, String> environment(String configMap)
            throws IOException, InterruptedException {
        Map<String, String> environment =
                new TreeMap<>(Overlay.render(overlay).one(ConfigMap.class, configMap).getData());
        environment.replaceAll(
                (name, value) ->
                        name.endsWith("_PATH")
                                ? root.resolve(value.substring(1)).toString()
                                : value);
        return environment;
    }
}
