package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.PlainPeer;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** The health of a packaged gateway, as a container engine asks for it. */
class HealthcheckIT {

    @TempDir Path folder;

    @Test
    void succeedsOnceTheGatewayHasBeenReady() throws Exception {
        PlainPeer peer = new PlainPeer();
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.put("MCP_LOCAL", peer.start().get("seqthink.mcp.local"));
        peer.down();
        try (TestIssuer issuer = TestIssuer.start()) {
            environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
            try (Service door = Service.start("HealthcheckIT", environment)) {
                Result before = healthcheck(door);
                assertThat(before.exitCode()).isEqualTo(1);
                assertThat(before.errors())
                        .isEqualTo(
                                "seqthink-wrapper healthcheck: %s/q/health/started answered 503\n",
                                door.url());

                peer.up();
                await().atMost(30, TimeUnit.SECONDS).until(() -> healthcheck(door).exitCode() == 0);

                peer.down();
                await().atMost(30, TimeUnit.SECONDS)
                        .until(() -> healthcheck(door, "--ready").exitCode() == 1);
                assertThat(healthcheck(door).exitCode()).isZero();
            } finally {
                peer.stop();
            }
        }
    }

    private Result healthcheck(Service door, String... options) throws Exception {
        String[] command = new String[options.length + 1];
        command[0] = "healthcheck";
        System.arraycopy(options, 0, command, 1, options.length);
        return Artefact.run(folder, Map.of("PORT", door.port()), command);
    }
}
