package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.CommandLineTool.Result;

/**
 * The packaged service in a bad environment. The port it should listen on is taken all the while:
 * who tries to open it says so, so that silence about it shows that the start ended before.
 */
class StartUpFaultsIT {

    /** In the order in which their faults are told. */
    private static final List<String> SECURITY =
            List.of(
                    "PUBLIC_URL",
                    "AGE_IDENT_PATH",
                    "KACHING_JWKS_URL",
                    "JWT_ISSUER",
                    "JWT_AUDIENCE");

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

    @Test
    void securityVariablesThatAreMissingOrEmptyStopTheStart() throws Exception {
        SECURITY.forEach(environment::remove);
        assertStopsBeforeThePort(beginning(" is "));

        SECURITY.forEach(name -> environment.put(name, ""));
        assertStopsBeforeThePort(beginning(" is set but empty: set it to "));
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
                "AGE_IDENT_PATH names a file that does not exist: ",
                "JWT_AUDIENCE is missing: ",
                "MCP_LOCAL is not set and MCP_EMBEDDED is false: ");
    }

    private static String[] beginning(String words) {
        return SECURITY.stream().map(name -> name + words).toArray(String[]::new);
    }

    private Result assertStopsBeforeThePort(String... beginnings) throws Exception {
        Result serve = Artefact.run(folder, environment);

        assertThat(serve.exitCode()).isEqualTo(1);
        assertThat(serve.output()).isEmpty();
        assertThat(serve.errors().lines()).hasSameSizeAs(beginnings);
        for (int i = 0; i < beginnings.length; i++) {
            assertThat(serve.errors().lines().toList().get(i)).startsWith(beginnings[i]);
        }
        return serve;
    }
}
