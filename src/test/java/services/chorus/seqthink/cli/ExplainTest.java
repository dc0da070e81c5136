package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.OwnFile;
import services.chorus.seqthink.testing.TestIssuer;

/** The output of {@code policy explain}. */
class ExplainTest {

    private static final String ROUTE = "route: needs sequentialthinking.run, which the token has";

    static TestIssuer issuer;

    @TempDir Path folder;
    Map<String, String> environment;

    @BeforeAll
    static void startAnIssuer() {
        issuer = TestIssuer.start();
    }

    @AfterAll
    static void stopTheIssuer() {
        issuer.close();
    }

    @BeforeEach
    void useAValidConfiguration() throws IOException {
        environment = DoorFiles.in(folder).environment();
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
    }

    @Test
    void reportsThatThereAreNoRules() {
        CommandRun run = explain(issuer.token("caller"), "--tool", "read");

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.text().lines()).hasSize(4);
        assertThat(run.text())
                .startsWith("token: valid until ")
                .contains(
                        ", of subject \"caller\" at \"https://issuer.example\", with"
                                + " sequentialthinking.run\n")
                .endsWith(ROUTE + "\nrules: there are none\nallowed\n");
    }

    @Test
    void explainsHowEachRuleMatches() throws IOException {
        rules(
                """
                [[policy.rule]]
                tool = "read"
                scopes = ["files.read"]
                  [[policy.rule.when]]
                  pointer = "/path"
                  prefix = "/srv/"

                [[policy.rule]]
                tool = "*"

                [[policy.rule]]
                method = "tools/list"
                """);
        environment.put("TOOL_SCOPES", "read=read,read=more");
        Path arguments =
                Files.writeString(folder.resolve("arguments.json"), "{\"path\": \"/srv/a\"}");

        CommandRun denied =
                explain(token("more"), "--tool", "read", "--arguments", arguments.toString());
        assertThat(denied.exitCode()).isEqualTo(1);
        assertThat(denied.text().lines().skip(1))
                .containsExactly(
                        ROUTE,
                        "rule #1: matches, needs files.read, lacks files.read",
                        "rule #2: matches, needs no scope",
                        "rule #3: does not match, it is for the method tools/list",
                        "TOOL_SCOPES read=read: matches, needs read, lacks read",
                        "TOOL_SCOPES read=more: matches, needs more",
                        "denied: 403 inside the sealed reply, because the call needs files.read and read and"
                                + " more");
        CommandRun allowed =
                explain(
                        token("files.read read more"),
                        "--tool",
                        "read",
                        "--arguments",
                        arguments.toString());
        assertThat(allowed.exitCode()).isZero();
        assertThat(allowed.text()).endsWith("\nallowed\n");
        assertThat(explain(token("read more"), "--tool", "read").text())
                .contains("rule #1: does not match, /path points to nothing\n")
                .endsWith("\nallowed\n");
    }

    @Test
    void explainsOtherMethods() throws IOException {
        rules("[[policy.rule]]\nmethod = 'tools/list'");

        assertThat(explain(token(""), "--method", "tools/list").exitCode()).isZero();
        CommandRun other = explain(token(""), "--method", "prompts/list");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.text())
                .endsWith("denied: 403 inside the sealed reply, because no rule matches\n");
    }

    @Test
    void stopsAtARejectedToken() {
        CommandRun expired =
                explain(
                        issuer.token("caller", claims -> claims.setClaim("exp", 1_000_000_000L)),
                        "--tool",
                        "read");

        assertThat(expired.exitCode()).isEqualTo(1);
        assertThat(expired.text())
                .isEqualTo("token: The access token expired\ndenied: 401, because of the token\n");
    }

    @Test
    void stopsAtARevokedToken() {
        environment.put("JWT_DENY_URL", issuer.denyUrl());
        String token = issuer.token("caller", claims -> claims.setClaim("jti", "revoked"));
        assertThat(explain(token, "--tool", "read").exitCode()).isZero();

        issuer.revoke("revoked");

        CommandRun run = explain(token, "--tool", "read");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text())
                .isEqualTo(
                        "token: The access token was revoked\ndenied: 401, because of the token\n");
    }

    @Test
    void warnsWhenRevokedTokensCannotBeFetched() {
        environment.put("JWT_DENY_URL", issuer.jwksUrl());

        CommandRun run = explain(token(""), "--tool", "read");

        assertThat(run.exitCode()).isZero();
        assertThat(run.errors())
                .isEqualTo(
                        "An issuer's list of revoked tokens cannot be fetched: a running gateway uses its last one\n");
    }

    @Test
    void stopsAtATokenWithoutTheRoutesScope() {
        CommandRun run =
                explain(
                        issuer.token("caller", claims -> claims.setClaim("scope", "other")),
                        "--tool",
                        "read");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text())
                .endsWith(
                        "route: needs sequentialthinking.run, which the token lacks\n"
                                + "denied: 403, because of the scope of the route\n");
    }

    @Test
    void stopsAtAnUnboundTokenWhenDpopIsRequired() {
        environment.put("REQUIRE_DPOP", "true");

        CommandRun run = explain(token(""), "--tool", "read");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text()).endsWith("denied: 401, because of the token\n");
    }

    @Test
    void escapesLineBreaksInNames() {
        CommandRun run = explain(issuer.token("caller\nallowed\u001b[2J"), "--tool", "read");

        assertThat(run.text().lines()).hasSize(4);
        assertThat(run.text()).contains("\"caller\\nallowed\\u001B[2J\"");
    }

    @Test
    void neverPrintsTheToken() {
        for (String token :
                List.of(token(""), token("") + "x", issuer.token("c", c -> c.unsetClaim("exp")))) {
            CommandRun run = explain(token, "--tool", "read");

            for (String part : token.split("\\.")) {
                assertThat(run.text() + run.errors()).doesNotContain(part);
            }
        }
        assertThat(explain("two tokens", "--tool", "read").errors())
                .isEqualTo(
                        "seqthink-wrapper policy explain: standard input must hold one access"
                                + " token and nothing else\n");
    }

    @Test
    void readsTheTokenFromAFile() throws IOException {
        Path file = OwnFile.write(folder.resolve("token"), token("") + "\n");

        CommandRun run =
                CommandRun.in(
                        environment,
                        new byte[0],
                        "policy",
                        "explain",
                        "--token",
                        file.toString(),
                        "--tool",
                        "read");

        assertThat(run.exitCode()).isZero();
    }

    @Test
    void reportsThatPolicyIsOff() {
        environment.keySet().removeAll(List.of("KACHING_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE"));
        environment.put("INSECURE_DEV", "true");

        CommandRun run = explain("any", "--tool", "read");

        assertThat(run.exitCode()).isZero();
        assertThat(run.text())
                .startsWith("token: not checked, since policy is off (INSECURE_DEV)\n");
    }

    @Test
    void reportsConfigurationFaults() {
        environment.put("TOOL_SCOPES", "read");

        CommandRun run = explain(token(""), "--tool", "read");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).startsWith("TOOL_SCOPES is not valid: ");
    }

    @Test
    void createsNoKeysForAnIssuerWithoutKeys() {
        Path keys = folder.resolve("issuer-keys.json");
        environment.putAll(DoorFiles.issuerEnvironment(folder));
        environment.put("ROLES", "door,issuer");
        environment.remove("KACHING_JWKS_URL");

        CommandRun run = explain(token(""), "--tool", "read");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .contains("there is no file", "start the issuer, which makes its keys");
        assertThat(keys).doesNotExist();
    }

    private void rules(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("seqthink.toml"), text);
        environment.put("CONFIG_PATH", file.toString());
    }

    private CommandRun explain(String token, String... arguments) {
        List<String> all = new ArrayList<>(List.of("policy", "explain", "--token", "-"));
        all.addAll(List.of(arguments));
        return CommandRun.in(environment, token.getBytes(UTF_8), all.toArray(String[]::new));
    }

    private static String token(String scopes) {
        return issuer.token(
                "caller", claims -> claims.setClaim("scope", TestIssuer.SCOPE + " " + scopes));
    }
}
