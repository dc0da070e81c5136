package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.OctJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.FaultyServer.Answer;
import services.chorus.seqthink.testing.FaultyServer.Request;
import services.chorus.seqthink.testing.HandMadeJws;

/** {@code token} against an issuer that can lie as it likes. */
class TokenTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "/.well-known/oauth-authorization-server";
    private static final String UNKNOWN = Canaries.note(UUID.randomUUID().toString());
    private static final String SECRET = Canaries.note("a secret: 100% + " + UNKNOWN);

    @TempDir Path folder;
    private final FaultyServer server = FaultyServer.start();
    private final String token = Canaries.note("token-" + UUID.randomUUID());
    private final HandMadeJws key = HandMadeJws.generate();
    private final ObjectNode metadata = JSON.createObjectNode();
    private final ObjectNode granted = JSON.createObjectNode();
    private String issuer;

    @BeforeEach
    void serveAnIssuer() throws IOException {
        Files.writeString(folder.resolve("secret"), SECRET + "\n");
        Files.writeString(folder.resolve("client.jwk"), key.privateJwk());
        issuer = server.url("").toString();
        metadata.put("issuer", issuer).put("token_endpoint", issuer + "/grant");
        metadata.putArray("token_endpoint_auth_methods_supported")
                .add("client_secret_basic")
                .add("private_key_jwt");
        granted.put("access_token", token).put("token_type", "Bearer").put("expires_in", 900);
        answers(200, granted);
    }

    @AfterEach
    void stopTheIssuer() {
        server.close();
    }

    @Test
    void printsTheTokenAndNothingElse() {
        CommandRun run = bySecret();

        assertThat(run.orFail()).asString(UTF_8).isEqualTo(token + "\n");
        assertThat(run.errors()).isEmpty();
        assertThat(server.requests()).extracting(Request::path).containsExactly(METADATA, "/grant");
    }

    @Test
    void sendsASecretAsRfc6749Says() {
        bySecret().orFail();

        // section 2.3.1: each half as a form would have it
        assertThat(basic()).isEqualTo("agent%2F1:a+secret%3A+100%25+%2B+" + UNKNOWN);
        assertThat(form()).isEqualTo(Map.of("grant_type", "client_credentials"));
    }

    @Test
    void readsASecretFromStandardInput() {
        CommandRun run = token(SECRET, "--secret-file", "-");

        assertThat(run.orFail()).asString(UTF_8).isEqualTo(token + "\n");
        assertThat(basic()).endsWith(UNKNOWN);
    }

    @Test
    void signsAnAssertionWithAKey() throws Exception {
        String reader = AgeKey.generate().recipient();

        byKey("--age-recipient", reader, "--scope", "a b").orFail();

        Map<String, String> form = form();
        assertThat(form)
                .containsOnlyKeys(
                        "grant_type",
                        "scope",
                        "client_id",
                        "client_assertion_type",
                        "client_assertion")
                .containsEntry("scope", "a b")
                .containsEntry("client_id", "agent/1")
                .containsEntry(
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assertThat(asked().headers()).doesNotContainKeys("authorization", "dpop");
        String assertion = form.get("client_assertion");
        assertThat(verifies(assertion, key.keys().getPublic())).isTrue();
        assertThat(part(assertion, 0))
                .hasToString("{\"alg\":\"EdDSA\",\"typ\":\"client-authentication+jwt\"}");
        JsonNode claims = part(assertion, 1);
        assertThat(claims.get("iss").textValue()).isEqualTo("agent/1");
        assertThat(claims.get("sub").textValue()).isEqualTo("agent/1");
        assertThat(claims.get("aud").textValue()).isEqualTo(issuer);
        assertThat(claims.get("age_recipient").textValue()).isEqualTo(reader);
        assertThat(claims.get("iat").longValue())
                .isCloseTo(Instant.now().getEpochSecond(), within(60L));
        assertThat(claims.get("exp").longValue() - claims.get("iat").longValue()).isEqualTo(60);
    }

    @Test
    void signsEachAssertionAnew() throws Exception {
        byKey().orFail();
        JsonNode first = part(form().get("client_assertion"), 1);
        byKey().orFail();

        JsonNode second = part(form().get("client_assertion"), 1);
        assertThat(second.get("jti")).isNotEqualTo(first.get("jti"));
        assertThat(second.has("age_recipient")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "P-256, , ES256",
        "P-384, , ES384",
        "P-521, , ES512",
        "RSA, , RS256",
        "RSA, PS256, PS256"
    })
    void signsWithAnyPrivateJwk(String kind, String only, String algorithm) throws Exception {
        PublicJsonWebKey jwk = newKey(kind);
        jwk.setKeyId("of-the-client");
        jwk.setKeyOps(List.of("sign"));
        jwk.setAlgorithm(only);
        write(jwk);

        byKey().orFail();

        String assertion = form().get("client_assertion");
        JsonWebSignature jws = new JsonWebSignature();
        jws.setCompactSerialization(assertion);
        jws.setKey(jwk.getPublicKey());
        assertThat(jws.verifySignature()).isTrue();
        assertThat(jws.getAlgorithmHeaderValue()).isEqualTo(algorithm);
        assertThat(jws.getKeyIdHeaderValue()).isEqualTo("of-the-client");
    }

    @Test
    void signsWithAnAlgorithmThatTheIssuerTakes() throws Exception {
        metadata.putArray("token_endpoint_auth_signing_alg_values_supported").add("PS512");
        write(newKey("RSA"));
        byKey().orFail();
        assertThat(part(form().get("client_assertion"), 0).get("alg").textValue())
                .isEqualTo("PS512");

        write(newKey("P-256"));
        assertFails(byKey(), issuer + " takes no assertion that is signed with a key of this kind");
    }

    @Test
    void provesTheKeyThatTheTokenIsToBeBoundTo() throws Exception {
        granted.put("token_type", "DPoP");
        metadata.put("token_endpoint", issuer + "/grant?tenant=1");
        HandMadeJws bound = HandMadeJws.generate();
        Path file = Files.writeString(folder.resolve("dpop.jwk"), bound.privateJwk());

        assertThat(byKey("--dpop-key", file.toString()).orFail())
                .asString(UTF_8)
                .isEqualTo(token + "\n");

        String proof = asked().headers().get("dpop");
        assertThat(verifies(proof, bound.keys().getPublic())).isTrue();
        JsonNode header = part(proof, 0);
        assertThat(header.get("typ").textValue()).isEqualTo("dpop+jwt");
        assertThat(header.get("jwk")).isEqualTo(JSON.readTree(bound.publicJwk()));
        JsonNode claims = part(proof, 1);
        assertThat(claims.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("jti", "htm", "htu", "iat");
        assertThat(claims.get("htm").textValue()).isEqualTo("POST");
        assertThat(claims.get("htu").textValue()).isEqualTo(issuer + "/grant");
    }

    @Test
    void provesItsKeyAgainWhereTheIssuerGivesANonce() throws Exception {
        Path file = Files.writeString(folder.resolve("dpop.jwk"), key.privateJwk());
        granted.put("token_type", "DPoP");
        String refusal = "{\"error\":\"use_dpop_nonce\"}";
        server.answers(
                request ->
                        switch (server.requests().size()) {
                            case 1 -> new Answer(200, metadata.toString());
                            case 2 -> new Answer(400, refusal, Map.of("DPoP-Nonce", "n-1"));
                            default -> new Answer(200, granted.toString());
                        });

        byKey("--dpop-key", file.toString()).orFail();

        assertThat(server.requests()).hasSize(3);
        assertThat(part(asked().headers().get("dpop"), 1).get("nonce").textValue())
                .isEqualTo("n-1");

        answers(400, JSON.createObjectNode().put("error", "use_dpop_nonce"));
        assertFails(byKey("--dpop-key", file.toString()), "the token endpoint answers 400");
    }

    @Test
    void takesNoUnboundTokenForABoundOne() throws Exception {
        Path file = Files.writeString(folder.resolve("dpop.jwk"), key.privateJwk());

        assertFails(byKey("--dpop-key", file.toString()), "the issuer binds no tokens to keys");

        answers(200, granted.put("token_type", "mac"));
        assertFails(byKey(), "the issuer gave a token of another type than Bearer");
    }

    @Test
    void saysWhichScopesItDidNotGet() {
        answers(200, granted.put("scope", "a c"));

        CommandRun run = bySecret("--scope", "d a b");

        assertThat(run.orFail()).asString(UTF_8).isEqualTo(token + "\n");
        assertThat(run.errors()).isEqualTo("not granted: b d\n");
    }

    @Test
    void findsTheMetadataOfAnIssuerWithAPath() {
        metadata.put("issuer", issuer + "/tenant/");

        CommandRun.of(
                        SECRET.getBytes(UTF_8),
                        "token",
                        "--issuer",
                        issuer + "/tenant/",
                        "--client-id",
                        "agent",
                        "--secret-file",
                        "-")
                .orFail();

        // RFC 8414 section 3.1
        assertThat(server.requests().getFirst().path()).isEqualTo(METADATA + "/tenant");
    }

    @Test
    void asksNoIssuerThatIsNotTheOneMeant() {
        metadata.put("issuer", "https://untrue.example");
        assertFails(bySecret(), issuer + METADATA + " is another issuer's");

        metadata.put("issuer", issuer).put("token_endpoint", "http://untrue.example/token");
        assertFails(bySecret(), "the metadata of " + issuer + " names no token endpoint");

        assertThat(server.requests()).extracting(Request::path).containsOnly(METADATA);
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
    void asksNobodyWhoseAnswersTheNetworkCouldChange(String url) {
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
    void saysWhatAnIssuerDoesNotTake() {
        metadata.putArray("token_endpoint_auth_methods_supported").add("tls_client_auth");
        assertFails(bySecret(), issuer + " takes no client_secret_basic: try --client-key");
        assertFails(byKey(), issuer + " takes no private_key_jwt: try --secret-file");

        // RFC 8414 section 2
        metadata.remove("token_endpoint_auth_methods_supported");
        bySecret().orFail();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | invalid_client | the issuer does not know this client by this secret",
                "400 | invalid_scope | the client may have none of these scopes",
                "400 | invalid_dpop_proof | this client's tokens must be bound to a key",
                "400 | invalid_request | the issuer cannot take the request",
                "400 | unauthorized_client | the issuer gives this client no tokens",
                "429 | temporarily_unavailable | the issuer is busy",
                "503 | untrue | the issuer is busy",
                "400 | untrue | the token endpoint answers 400",
                "302 | untrue | the token endpoint answers 302"
            })
    void saysWhatToDoAndNothingThatTheIssuerSaid(int status, String error, String message) {
        answers(
                status,
                JSON.createObjectNode().put("error", error).put("error_description", "untrue"));

        assertFails(bySecret(), message);
    }

    @Test
    void takesNothingForATokenThatIsNone() {
        for (String untrue : new String[] {"", "untrue untrue", "untrue\u009b2J", "untrue\nlie"}) {
            answers(200, granted.put("access_token", untrue));
            assertFails(bySecret(), "the issuer's answer holds no access token");
        }
        answers(200, JSON.createArrayNode().add("untrue"));
        assertFails(bySecret(), "the issuer gave a token of another type");
    }

    @Test
    void saysThatThereIsNoIssuer() {
        server.answers(200, "untrue");
        assertFails(bySecret(), issuer + METADATA + " is no JSON object");

        server.answers(404, "untrue");
        assertFails(bySecret(), issuer + METADATA + " answers 404");

        server.answers(200, " ".repeat(300_000));
        assertFails(bySecret(), issuer + METADATA + " does not answer");

        server.close();
        assertFails(bySecret(), issuer + METADATA + " does not answer");
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
            Files.writeString(folder.resolve("client.jwk"), content);
            assertFails(byKey(), folder.resolve("client.jwk") + " is no private JWK");
        }
        write(RsaJwkGenerator.generateJwk(1024));
        assertFails(byKey(), folder.resolve("client.jwk") + " does not sign");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void takesOneProofOfWhoAsks() {
        assertThat(token("").exitCode()).isEqualTo(2);
        assertThat(byKey("--secret-file", "secret").exitCode()).isEqualTo(2);
        assertThat(bySecret("--age-recipient", AgeKey.generate().recipient()).exitCode())
                .isEqualTo(2);
        assertFails(byKey("--age-recipient", "age1nonsense"), "");
        assertFails(
                token("\n" + SECRET, "--secret-file", "-"),
                "standard input does not begin with a secret");
        assertThat(server.requests()).isEmpty();
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
        return token("", with(options, "--secret-file", folder.resolve("secret").toString()));
    }

    private CommandRun byKey(String... options) {
        return token("", with(options, "--client-key", folder.resolve("client.jwk").toString()));
    }

    private CommandRun token(String input, String... options) {
        return CommandRun.of(
                input.getBytes(UTF_8),
                with(options, "token", "--issuer", issuer, "--client-id", "agent/1"));
    }

    private static String[] with(String[] last, String... first) {
        return Stream.of(first, last).flatMap(Stream::of).toArray(String[]::new);
    }

    private void answers(int status, JsonNode entity) {
        server.answers(
                request ->
                        request.path().startsWith(METADATA)
                                ? new Answer(200, metadata.toString())
                                : new Answer(status, entity.toString()));
    }

    private Request asked() {
        return server.requests().getLast();
    }

    private String basic() {
        String header = asked().headers().get("authorization");
        assertThat(header).startsWith("Basic ");
        return new String(Base64.getDecoder().decode(header.substring(6)), US_ASCII);
    }

    private Map<String, String> form() {
        return Stream.of(asked().body().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(
                        Collectors.toMap(
                                pair -> URLDecoder.decode(pair[0], UTF_8),
                                pair -> URLDecoder.decode(pair[1], UTF_8)));
    }

    private static JsonNode part(String jws, int number) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(jws.split("\\.")[number]));
    }

    private static boolean verifies(String jws, PublicKey key) throws GeneralSecurityException {
        int dot = jws.lastIndexOf('.');
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(jws.substring(0, dot).getBytes(US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(jws.substring(dot + 1)));
    }

    private static PublicJsonWebKey newKey(String kind) throws JoseException {
        return kind.equals("RSA")
                ? RsaJwkGenerator.generateJwk(2048)
                : EcJwkGenerator.generateJwk(EllipticCurves.getSpec(kind));
    }

    private void write(JsonWebKey jwk) throws IOException {
        Files.writeString(
                folder.resolve("client.jwk"), jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE));
    }

    private static String symmetric() {
        return OctJwkGenerator.generateJwk(256).toJson(OutputControlLevel.INCLUDE_SYMMETRIC);
    }

    private String twice() {
        return key.privateJwk().replace("{", "{\"kty\":\"OKP\",");
    }
}
