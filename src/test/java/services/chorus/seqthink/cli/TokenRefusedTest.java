package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.OctJwkGenerator;
import org.jose4j.jwk.RsaJwkGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.FaultyServer.Request;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.OwnFile;

/** {@code token} with an issuer that refuses or sends false answers. */
class TokenRefusedTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = Canaries.note("secret-" + UUID.randomUUID());

    @TempDir Path folder;
    private final FakeIssuer issuer = new FakeIssuer();
    private final HandMadeJws key = HandMadeJws.generate();

    @BeforeEach
    void writeASecretAndAKey() throws IOException {
        OwnFile.write(folder.resolve("secret"), SECRET + "\n");
        OwnFile.write(folder.resolve("client.jwk"), key.privateJwk());
    }

    @AfterEach
    void stopTheIssuer() {
        issuer.close();
    }

    @Test
    void rejectsAnUnboundTokenWhenABoundOneWasRequested() throws Exception {
        Path file = OwnFile.write(folder.resolve("dpop.jwk"), key.privateJwk());

        assertFails(
                byKey("--dpop-key", file.toString()), "the issuer does not bind tokens to keys");

        issuer.answers(400, JSON.createObjectNode().put("error", "use_dpop_nonce"));
        assertFails(
                byKey("--dpop-key", file.toString()), "the token endpoint answers with status 400");

        issuer.answers(200, issuer.granted().put("token_type", "mac"));
        assertFails(byKey(), "the issuer gave a token whose type is not Bearer");
    }

    @Test
    void rejectsTheMetadataOfAnotherIssuer() {
        issuer.metadata().put("issuer", "https://untrue.example");
        assertFails(
                bySecret(),
                issuer.url() + FakeIssuer.METADATA + " is the metadata of another issuer");

        issuer.metadata()
                .put("issuer", issuer.url())
                .put("token_endpoint", "http://untrue.example/token");
        assertFails(bySecret(), "the metadata of " + issuer.url() + " names no token endpoint");

        assertThat(issuer.requests()).extracting(Request::path).containsOnly(FakeIssuer.METADATA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://tokens.example",
                "tokens.example",
                "ftp://tokens.example",
                "https://tokens.example?a=b",
                "https://",
                "a b"
            })
    void rejectsAnInsecureIssuerUrl(String url) {
        CommandRun run =
                CommandRun.of(
                        SECRET.getBytes(UTF_8),
                        "token",
                        "--issuer",
                        url,
                        "--client-id",
                        "agent",
                        "--secret-file",
                        "-");

        assertFails(run, "--issuer must be an https URL");
    }

    @Test
    void reportsWhatAnIssuerDoesNotSupport() {
        issuer.metadata().putArray("token_endpoint_auth_methods_supported").add("tls_client_auth");
        assertFails(
                bySecret(),
                issuer.url() + " does not support client_secret_basic: use --client-key");
        assertFails(byKey(), issuer.url() + " does not support private_key_jwt: use --secret-file");

        issuer.metadata().putArray("token_endpoint_auth_signing_alg_values_supported").add("ES256");
        issuer.metadata().putArray("token_endpoint_auth_methods_supported").add("private_key_jwt");
        assertFails(byKey(), issuer.url() + " does not support the algorithms of this key");

        // RFC 8414 section 2
        issuer.metadata().remove("token_endpoint_auth_methods_supported");
        bySecret().orFail();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | invalid_client | the issuer rejects the client's secret",
                "400 | invalid_scope | the client may have none of these scopes",
                "400 | invalid_dpop_proof | this client's tokens must be bound to a key",
                "400 | invalid_request | the issuer rejects the request",
                "400 | unauthorized_client | the issuer does not allow this client",
                "429 | temporarily_unavailable | the issuer is busy",
                "503 | untrue | the issuer is busy",
                "400 | untrue | the token endpoint answers with status 400",
                "302 | untrue | the token endpoint answers with status 302"
            })
    void reportsWhatToDoAndNothingFromTheAnswer(int status, String error, String message) {
        issuer.answers(
                status,
                JSON.createObjectNode().put("error", error).put("error_description", "untrue"));

        assertFails(bySecret(), message);
    }

    @Test
    void rejectsAnAnswerWithoutAValidToken() {
        for (String untrue :
                new String[] {"", "untrue untrue", "untrue\u009b2J", "untrue\nuntrue"}) {
            issuer.answers(200, issuer.granted().put("access_token", untrue));
            assertFails(bySecret(), "the issuer's answer holds no valid access token");
        }
        issuer.answers(200, JSON.createArrayNode().add("untrue"));
        assertFails(bySecret(), "the issuer gave a token whose type is not Bearer");
    }

    @Test
    void reportsThatNoIssuerAnswers() {
        issuer.answersAlways(200, "untrue");
        assertFails(bySecret(), issuer.url() + FakeIssuer.METADATA + " is not a JSON object");

        issuer.answersAlways(404, "untrue");
        assertFails(bySecret(), issuer.url() + FakeIssuer.METADATA + " answers with status 404");

        issuer.answersAlways(200, " ".repeat(300_000));
        assertFails(bySecret(), issuer.url() + FakeIssuer.METADATA + " does not answer");

        issuer.close();
        assertFails(bySecret(), issuer.url() + FakeIssuer.METADATA + " does not answer");
    }

    @Test
    void signsWithPrivateKeysOnly() throws Exception {
        for (String content :
                new String[] {
                    "untrue",
                    "[]",
                    "{}",
                    "{\"kty\":\"untrue\"}",
                    key.publicJwk(),
                    symmetric(),
                    twice()
                }) {
            OwnFile.write(folder.resolve("client.jwk"), content);
            assertFails(byKey(), folder.resolve("client.jwk") + " is not a private JWK");
        }
        write(RsaJwkGenerator.generateJwk(1024));
        assertFails(byKey(), folder.resolve("client.jwk") + " cannot sign");
        assertThat(issuer.requests()).isEmpty();
    }

    @Test
    void rejectsOtherThanOneCredential() {
        assertThat(issuer.token("").exitCode()).isEqualTo(2);
        assertThat(byKey("--secret-file", "secret").exitCode()).isEqualTo(2);
        assertThat(bySecret("--age-recipient", AgeKey.generate().recipient()).exitCode())
                .isEqualTo(2);
        assertFails(byKey("--age-recipient", "age1nonsense"), "");
        assertFails(
                issuer.token("\n" + SECRET, "--secret-file", "-"),
                "standard input does not begin with a secret");
        assertThat(issuer.requests()).isEmpty();
    }

    private static void assertFails(CommandRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors().lines())
                .singleElement()
                .asString()
                .startsWith("seqthink-wrapper token: " + message)
                .doesNotContain("untrue", "Exception", "null");
    }

    private CommandRun bySecret(String... options) {
        return issuer.bySecret(folder.resolve("secret"), options);
    }

    private CommandRun byKey(String... options) {
        return issuer.byKey(folder.resolve("client.jwk"), options);
    }

    private void write(JsonWebKey jwk) throws IOException {
        OwnFile.write(folder.resolve("client.jwk"), jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE));
    }

    private static String symmetric() {
        return OctJwkGenerator.generateJwk(256).toJson(OutputControlLevel.INCLUDE_SYMMETRIC);
    }

    private String twice() {
        return key.privateJwk().replace("{", "{\"kty\":\"OKP\",");
    }
}
