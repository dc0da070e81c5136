package services.chorus.seqthink.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.signing.Ed25519Key;

class AuditConfigTest {

    @TempDir Path folder;

    @Test
    void acceptsAKeyAndANewFile() throws IOException {
        Path key = Files.write(folder.resolve("key"), Ed25519Key.generate().encode());

        assertThat(faults(new LogConfig(folder.resolve("audit"), key, 64))).isEmpty();
        assertThat(AuditConfig.warnings(new LogConfig(folder.resolve("audit"), key, 64))).isEmpty();
    }

    @Test
    void namesUnusableFiles() throws IOException {
        Path noKey = Files.writeString(folder.resolve("key"), "{}");

        assertThat(faults(new LogConfig(folder.resolve("nowhere/audit"), noKey, 64)))
                .containsExactly(
                        "AUDIT_PATH is in a folder that does not exist or is not writable: create it, and let the user of this process write to it",
                        "AUDIT_KEY_PATH names a broken file: The JWK must have exactly the members"
                                + " kty, crv, x and d; keygen --audit -o FILE creates a new key");
        assertThat(faults(new LogConfig(folder, folder.resolve("none"), 64)))
                .containsExactly(
                        "AUDIT_PATH names a folder: set it to the path of a file",
                        "AUDIT_KEY_PATH names a file that does not exist: create "
                                + folder.resolve("none")
                                + ", or set it to a file that exists;"
                                + " keygen --audit -o FILE creates a new key");
    }

    @Test
    void requiresALogIfAuditIsRequired() {
        LogConfig nowhere = new LogConfig(Optional.empty(), false, Optional.empty(), true, 64);

        assertThat(faults(nowhere))
                .containsExactly(
                        "AUDIT_REQUIRED is true but there is no audit log: set AUDIT_PATH, or"
                                + " AUDIT_STDOUT to true");
        assertThat(AuditConfig.warnings(nowhere)).singleElement().asString().contains("nothing");
        assertThat(
                        AuditConfig.warnings(
                                new LogConfig(Optional.empty(), true, Optional.empty(), false, 64)))
                .isEmpty();
        assertThat(
                        AuditConfig.warnings(
                                new LogConfig(
                                        Optional.of(folder.resolve("audit")),
                                        true,
                                        Optional.empty(),
                                        false,
                                        64)))
                .singleElement()
                .asString()
                .startsWith("AUDIT_KEY_PATH is not set");
    }

    private static List<String> faults(AuditConfig config) {
        return AuditConfig.faults(config).stream().map(Fault::line).toList();
    }
}
