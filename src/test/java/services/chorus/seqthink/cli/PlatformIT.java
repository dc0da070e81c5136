package services.chorus.seqthink.cli;

import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.CertificateFiles;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.Service;

/**
 * The packaged service as the Metacircular platform starts it: with a file, a command and a port.
 */
class PlatformIT {

    private static final String HOME = "/srv/seqthink";
    private static final String STATE = "/var/lib/seqthink";

    @TempDir static Path srv;

    @BeforeAll
    static void makeKeys() throws Exception {
        Path keys = Files.createDirectory(srv.resolve("keys"));
        Files.createDirectory(srv.resolve("audit"));
        Artefact.run(keys, Map.of(), "keygen", "-o", "age.key").orFail();
        Artefact.run(keys, Map.of(), "keygen", "--door", "-o", "door.jwk").orFail();
        Artefact.run(keys, Map.of(), "keygen", "--audit", "-o", "audit.jwk").orFail();
    }

    @Test
    void startsWithTheServiceDefinitionAndTheExampleSettings() throws Exception {
        Files.writeString(srv.resolve("seqthink.toml"), example());
        String port = String.valueOf(Service.freePort());
        JsonNode component = definition().at("/components/0");
        String[] command =
                StreamSupport.stream(component.get("cmd").spliterator(), false)
                        .map(part -> here(part.textValue()))
                        .toArray(String[]::new);
        String portVariable =
                "PORT_" + component.at("/routes/0/name").textValue().toUpperCase(Locale.ROOT);

        try (Service door = Service.start("PlatformIT", Map.of(portVariable, port), command)) {
            assertThat(door.port()).isEqualTo(port);
            given().get(door.url() + "/health").then().statusCode(200);
            given().get(door.url() + "/ready").then().statusCode(200);
            given().contentType("application/age")
                    .post(door.url() + "/mcp/tool")
                    .then()
                    .statusCode(401);
        }
    }

    @Test
    void acceptsTheExampleWithTlsSettings() throws Exception {
        String own = example().lines().map(PlatformIT::uncommentedTls).collect(joining("\n"));
        Path toml = Files.writeString(srv.resolve("seqthink.toml"), own);

        assertThat(own).contains("\n[tls]\n");
        Result without = Artefact.run(srv, Map.of(), "doctor", "--config", toml.toString());
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.text()).contains("TLS_CERT_PATH");

        Path certs = Files.createDirectory(srv.resolve("certs"));
        CertificateFiles pair = CertificateFiles.make(certs, "made");
        Files.move(pair.certificate(), certs.resolve("cert.pem"));
        Files.move(pair.key(), certs.resolve("key.pem"));
        Result with = Artefact.run(srv, Map.of(), "doctor", "--config", toml.toString());
        assertThat(with.exitCode()).as(with.text()).isZero();
    }

    @Test
    void acceptsTheExampleWithAnotherIssuer() throws Exception {
        assertThatDoctorAccepts(withoutOpaqueTokens() + alternative("# Instead of [opaque],"));
    }

    @Test
    void acceptsTheExampleWithTheBuiltInIssuer() throws Exception {
        assertThatDoctorAccepts(
                withoutOpaqueTokens().replace("# roles", "roles")
                        + alternative("# Or those of the built-in issuer"));
    }

    private static void assertThatDoctorAccepts(String settings) throws Exception {
        Path toml = Files.writeString(srv.resolve("seqthink.toml"), settings);
        Result doctor = Artefact.run(srv, Map.of(), "doctor", "--config", toml.toString());
        assertThat(doctor.exitCode()).as(doctor.text() + doctor.errors()).isZero();
    }

    private static String withoutOpaqueTokens() throws IOException {
        return paragraphs().filter(text -> !text.contains("\n[opaque]\n")).collect(joining("\n\n"));
    }

    /** The settings in a commented paragraph, without the comment marks. */
    private static String alternative(String beginning) throws IOException {
        return paragraphs()
                .filter(text -> text.startsWith(beginning))
                .flatMap(String::lines)
                .dropWhile(line -> !line.equals("#"))
                .map(line -> line.replaceFirst("# ?", ""))
                .collect(joining("\n"));
    }

    private static Stream<String> paragraphs() throws IOException {
        return Stream.of(example().split("\n\n"));
    }

    private static String uncommentedTls(String line) {
        return line.matches("# (\\[tls]|required|cert-path|key-path).*") ? line.substring(2) : line;
    }

    private static String example() throws IOException {
        return here(Files.readString(Path.of("deploy/examples/seqthink.toml")));
    }

    private static JsonNode definition() throws IOException {
        return new TomlMapper().readTree(Path.of("deploy/seqthink-rift.toml").toFile());
    }

    private static String here(String text) {
        return text.replace(HOME, srv.toString()).replace(STATE, srv.toString());
    }
}
