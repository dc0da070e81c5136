package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.config.Heap;

class WarningsTest {

    @TempDir Path folder;
    DoorFiles files;
    Map<String, String> environment;

    @BeforeEach
    void startFromAGoodDoor() throws IOException {
        files = DoorFiles.in(folder);
        environment = files.environment();
        environment.put("STATE_URL", "redis://127.0.0.1:6379");
        environment.put("TRUSTED_PROXIES", "10.0.0.0/8");
    }

    @Test
    void areEmptyForAGoodGateway() {
        assertThat(warnings()).isEmpty();
    }

    @Test
    void nameWhatIsOffForDevelopment() {
        environment.put("INSECURE_DEV", "true");
        assertThat(warnings())
                .containsExactly(
                        "INSECURE_DEV is true: encryption is on, policy is on; loopback only");

        environment.remove("AGE_IDENT_PATH");
        environment.remove("STATE_URL");
        assertThat(warnings())
                .containsExactly(
                        "INSECURE_DEV is true: encryption is OFF, policy is on; loopback only");

        environment = Map.of("INSECURE_DEV", "true");
        assertThat(warnings())
                .containsExactly(
                        "INSECURE_DEV is true: encryption is OFF, policy is OFF; loopback only");
    }

    @Test
    void includeBareRequests() {
        environment.put("REQUIRE_BOUND", "false");
        environment.put("AGE_RECIPS_PATH", files.recipients().toString());

        assertThat(warnings()).singleElement().asString().startsWith("REQUIRE_BOUND is false: ");
    }

    @Test
    void includeARecipientOfTheGatewayItself() throws IOException {
        environment.put("REQUIRE_BOUND", "false");
        environment.put("AGE_RECIPS_PATH", files.recipients().toString());
        Files.writeString(
                files.recipients(),
                "\n" + files.key().recipient() + "\n",
                StandardOpenOption.APPEND);

        assertThat(warnings())
                .satisfiesExactly(
                        bare -> assertThat(bare).startsWith("REQUIRE_BOUND is false: "),
                        own ->
                                assertThat(own)
                                        .startsWith("AGE_RECIPS_PATH contains a recipient of"));

        environment.put("REQUIRE_BOUND", "true");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void areEmptyForAGatewayWithAnIssuerAndDpop() {
        environment.putAll(DoorFiles.issuerEnvironment(folder));
        environment.put("ROLES", "door,issuer");
        environment.remove("KACHING_JWKS_URL");
        environment.put("REQUIRE_DPOP", "true");

        assertThat(warnings()).isEmpty();
    }

    @Test
    void includeAnIssuerWhoseTokensAreRejected() {
        environment.putAll(DoorFiles.issuerEnvironment(folder));
        environment.put("ROLES", "door,issuer");
        environment.put("JWT_ISSUER", "https://other.example");
        assertThat(warnings())
                .containsExactly(
                        "JWT_ISSUER does not contain ISSUER_URL: the gateway rejects the tokens of the issuer in this process");

        environment.put("JWT_ISSUER", environment.get("ISSUER_URL"));
        environment.remove("KACHING_JWKS_URL");
        environment.put("ISSUER_AUDIENCE", "https://other.example");
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith("ISSUER_AUDIENCE differs from the JWT_AUDIENCE of ISSUER_URL: ");
    }

    @Test
    void includeAnHttpUrl() {
        environment.put("PUBLIC_URL", "http://door.example");

        assertThat(warnings()).singleElement().asString().startsWith("PUBLIC_URL is an http URL: ");
    }

    @Test
    void includeAMissingDoorKey() {
        environment.remove("DOOR_KEY_PATH");

        assertThat(warnings()).singleElement().asString().startsWith("DOOR_KEY_PATH is not set: ");
    }

    @Test
    void includeStateThatIsNotShared() {
        environment.remove("STATE_URL");

        assertThat(warnings()).singleElement().asString().startsWith("STATE_URL is not set: ");
    }

    @Test
    void includeUnknownProxies() {
        environment.remove("TRUSTED_PROXIES");
        assertThat(warnings()).singleElement().asString().startsWith("TRUSTED_PROXIES is not set");

        environment.put("PUBLIC_URL", "http://localhost:8443");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void includeUnknownProxiesOfAnIssuer() {
        environment = DoorFiles.issuerEnvironment(folder);
        assertThat(warnings()).singleElement().asString().startsWith("TRUSTED_PROXIES is not set");

        environment.put("ISSUER_URL", "http://localhost:8443");
        assertThat(warnings()).isEmpty();

        environment.put("ISSUER_URL", "https://tokens.example");
        environment.put("TRUSTED_PROXIES", "10.0.0.0/8");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void includeASharedUpstream() {
        environment.put("MCP_LOCAL", "http://127.0.0.1:8000");

        assertThat(warnings()).singleElement().asString().startsWith("MCP_LOCAL is shared");
    }

    @Test
    void includeAnIgnoredUpstream() {
        environment.put("MCP_LOCAL", "http://127.0.0.1:8000");
        environment.put("MCP_EMBEDDED", "true");

        assertThat(warnings()).singleElement().asString().startsWith("MCP_LOCAL is set and ");
    }

    @Test
    void includeARemoteUpstream() {
        environment.put("MCP_LOCAL", "http://mcp.example:8000");
        environment.put("MCP_ALLOW_REMOTE", "true");

        assertThat(warnings()).anyMatch(line -> line.startsWith("MCP_ALLOW_REMOTE is true: "));
    }

    @Test
    void nameSecretFilesThatOthersCanRead() throws IOException {
        Files.setPosixFilePermissions(
                files.identities(), PosixFilePermissions.fromString("rw-r-----"));

        assertThat(warnings())
                .containsExactly(
                        files.identities()
                                + " has mode rw-r-----: remove the access of group and others");
    }

    @Test
    void nameADoorKeyThatOthersCanRead() throws IOException {
        Files.setPosixFilePermissions(
                files.doorKey(), PosixFilePermissions.fromString("rw----r--"));

        assertThat(warnings())
                .containsExactly(
                        files.doorKey()
                                + " has mode rw----r--: remove the access of group and others");
    }

    @Test
    void nameTheIssuersFilesThatOthersCanRead() throws IOException {
        environment = DoorFiles.issuerEnvironment(folder);
        environment.put("TRUSTED_PROXIES", "10.0.0.0/8");
        Path keys = Path.of(environment.get("ISSUER_KEYS_PATH"));
        Path clients = Path.of(environment.get("ISSUER_CLIENTS_PATH"));
        Path revoked = keys.resolveSibling("revoked.json");
        assertThat(warnings()).isEmpty();

        for (Path file : List.of(keys, clients, revoked)) {
            Files.deleteIfExists(file);
            Files.createFile(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
            assertThat(warnings()).singleElement().asString().startsWith(file.toString());
            Files.delete(file);
        }
    }

    @Test
    void includeAnIssuerThatDoesNotShareState() {
        String identities = environment.get("AGE_IDENT_PATH");
        environment = DoorFiles.issuerEnvironment(folder);
        environment.put("TRUSTED_PROXIES", "10.0.0.0/8");
        environment.put("STATE_URL", "redis://127.0.0.1:6379");
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith("STATE_URL is set and AGE_IDENT_PATH is not: ");

        environment.put("AGE_IDENT_PATH", identities);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void includeTooLittleMemoryForBodies() {
        assertThat(warnings(new Heap((1L << 30) - 1)))
                .containsExactly(
                        "MAX_INFLIGHT_MB is 64, more than a sixteenth of the heap of 1023 MiB: 63"
                                + " is used; give the process more memory, or set it lower");

        environment.put("MAX_INFLIGHT_MB", "24");
        assertThat(warnings(new Heap(384L << 20))).isEmpty();
    }

    private List<String> warnings(Heap heap) {
        return Warnings.of(new Judged(environment).usable(), heap);
    }

    private List<String> warnings() {
        return warnings(new Heap(1L << 30));
    }
}
