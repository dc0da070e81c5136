package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Service;

/** A packaged gateway with an incomplete configuration, which only {@code INSECURE_DEV} permits. */
class DevelopmentIT {

    @TempDir Path folder;

    @Test
    void listensOnLoopbackOnlyAndWarns() throws IOException {
        Map<String, String> environment =
                Map.of(
                        "INSECURE_DEV", "true",
                        "BIND_ADDRESS", "0.0.0.0",
                        "SEQTHINK_GATEWAY_BIND_ADDRESS", "0.0.0.0",
                        "QUARKUS_HTTP_HOST", "0.0.0.0");
        try (Service bare = Service.start("DevelopmentIT-bare", environment)) {
            assertThat(bare.address()).isEqualTo("127.0.0.1");
            assertThat(bare.log())
                    .anyMatch(
                            line ->
                                    line.contains("\"level\":\"WARN\"")
                                            && line.contains("encryption is OFF, policy is OFF"));
        }
    }

    @Test
    void keepsConfiguredSealingOn() throws IOException {
        Map<String, String> environment =
                Map.of(
                        "INSECURE_DEV",
                        "true",
                        "AGE_IDENT_PATH",
                        DoorFiles.in(folder).identities().toString());
        try (Service sealed = Service.start("DevelopmentIT-sealed", environment)) {
            assertThat(sealed.log())
                    .anyMatch(line -> line.contains("encryption is on, policy is OFF"));
        }
    }
}
