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
 * The packaged service with faulty settings. Its port is in use, which a start reports if it gets
 * that far; no such report means that the start ended earlier.
 */
class StartUpFaultsIT {

    /** In the order in which their faults are reported. */
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
    void occupyThePort() throws IOException {
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
    void reportsTheTakenPortWhenAllSettingsAreValid() throws Exception {
        Result serve = Artefact.run(folder, environment, "serve");

        assertThat(serve.exitCode()).isEqualTo(1);
        assertThat(serve.text()).contains("Port " + taken.getLocalPort());
    }

    @Test
    void missingOrEmptySecurityVariablesPreventTheStart() throws Exception {
        SECURITY.forEach(environment::remove);
        assertEndsBeforeOpeningThePort(beginning(" is "));

        SECURITY.forEach(name -> environment.put(name, ""));
        assertEndsBeforeOpeningThePort(beginning(" is set but empty: set it to "));
    }

    @Test
    void bareRequestsWithoutRecipientsPreventTheStart() throws Exception {
        environment.put("REQUIRE_BOUND", "false");

        assertEndsBeforeOpeningThePort(
                "AGE_RECIPS_PATH is not set although REQUIRE_BOUND is false");
    }

    @Test
    void halfAPolicyPreventsTheStartEvenForDevelopment() throws Exception {
        environment.put("INSECURE_DEV", "true");
        environment.remove("JWT_ISSUER");

        assertEndsBeforeOpeningThePort("JWT_ISSUER is missing: ");
    }

    @Test
    void everyFaultHasItsOwnLine() throws Exception {
        environment.put("AGE_IDENT_PATH", folder.resolve("nothing").toString());
        environment.remove("JWT_AUDIENCE");
        environment.put("MCP_TIMEOUT", "soon");
        environment.put("MCP_EMBEDDED", "false");

        assertEndsBeforeOpeningThePort(
                "MCP_TIMEOUT is not valid: ",
                "AGE_IDENT_PATH names a file that does not exist: ",
                "JWT_AUDIENCE is missing: ",
                "MCP_LOCAL is not set and MCP_EMBEDDED is false: ");
    }

    private static String[] beginning(String words) {
        return SECURITY.stream().map(name -> name + words).toArray(String[]::new);
    }

    private Result assertEndsBeforeOpeningThePort(String... beginnings) throws Exception {
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
