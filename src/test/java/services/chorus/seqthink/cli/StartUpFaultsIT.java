package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.CommandLineTool.Result;

/**
 * The packaged service in a bad environment. The port it should listen on is taken all the while:
 * who tries to open it says so, so that silence about it shows that the start ended before.
 */
class StartUpFaultsIT {

    @TempDir Path folder;
    private ServerSocket taken;
    private Map<String, String> environment;

    @BeforeEach
    void takeThePort() throws IOException {
        taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        environment = DoorFiles.in(folder).environment();
        environment.put("BIND_ADDRESS", "127.0.0.1");
        environment.put("LOG_LEVEL", "debug");
        environment.put("PORT", String.valueOf(taken.getLocalPort()));
        environment.put("KACHING_JWKS_URL", "http://127.0.0.1:" + taken.getLocalPort());
    }

    @AfterEach
    void freeThePort() throws IOException {
        taken.close();
    }

    @Test
    void theTakenPortIsNoticedWhereNothingElseIsWrong() throws Exception {
        Result serve = Artefact.run(folder, environment, "serve");

        assertThat(serve.exitCode()).isEqualTo(1);
        assertThat(serve.text()).contains("Port " + taken.getLocalPort());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AGE_IDENT_PATH",
                "PUBLIC_URL",
                "KACHING_JWKS_URL",
                "JWT_ISSUER",
                "JWT_AUDIENCE"
            })
    void aSecurityVariableThatIsMissingOrEmptyStopsTheStart(String name) throws Exception {
        environment.remove(name);
        assertStopsBeforeThePort(name + " is ");

        environment.put(name, "");
        assertStopsBeforeThePort(name + " is set but empty: set it to ");
    }

    @Test
    void bareRequestsWithoutAReaderStopTheStart() throws Exception {
        environment.put("REQUIRE_BOUND", "false");

        assertStopsBeforeThePort("AGE_RECIPS_PATH is not set although REQUIRE_BOUND is false");
    }

    @Test
    void halfAPolicyStopsTheStartEvenForDevelopment() throws Exception {
        environment.put("INSECURE_DEV", "true");
        environment.remove("JWT_ISSUER");

        assertStopsBeforeThePort("JWT_ISSUER is missing: ");
    }

    @Test
    void everyFaultHasItsOwnLine() throws Exception {
        environment.put("AGE_IDENT_PATH", folder.resolve("nothing").toString());
        environment.remove("JWT_AUDIENCE");
        environment.put("MCP_TIMEOUT", "soon");
        environment.put("MCP_EMBEDDED", "false");

        assertStopsBeforeThePort(
                "MCP_TIMEOUT is not valid: ",
                "AGE_IDENT_PATH names a file that is not there: ",
                "JWT_AUDIENCE is missing: ",
                "MCP_LOCAL is not set and MCP_EMBEDDED is false: ");
    }

    private void assertStopsBeforeThePort(String... beginnings) throws Exception {
        Result serve = Artefact.run(folder, environment);
        Result doctor = Artefact.run(folder, environment, "doctor");

        assertThat(serve.exitCode()).isEqualTo(1);
        assertThat(serve.output()).isEmpty();
        assertThat(serve.errors().lines()).hasSameSizeAs(beginnings);
        for (int i = 0; i < beginnings.length; i++) {
            assertThat(serve.errors().lines().toList().get(i)).startsWith(beginnings[i]);
        }
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.text()).isEqualTo(serve.errors());
        assertThat(doctor.errors()).isEmpty();
    }
}
