package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
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
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.FaultyServer.Answer;
import services.chorus.seqthink.testing.FaultyServer.Request;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.OwnFile;

/** The requests and the output of {@code token}. */
class TokenTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN = Canaries.note(UUID.randomUUID().toString());
    private static final String SECRET = Canaries.note("a secret: 100% + " + UNKNOWN);

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
    void printsTheTokenAndNothingElse() {
        CommandRun run = bySecret();

        assertThat(run.orFail()).asString(UTF_8).isEqualTo(issuer.token() + "\n");
        assertThat(run.errors()).isEmpty();
        assertThat(issuer.requests())
                .extracting(Request::path)
                .containsExactly(FakeIssuer.METADATA, "/grant");
    }

    @Test
    void encodesASecretAsRfc6749Requires() {
        bySecret().orFail();

        // section 2.3.1: each half is form-encoded
        assertThat(issuer.basic()).isEqualTo("agent%2F1:a+secret%3A+100%25+%2B+" + UNKNOWN);
        assertThat(issuer.form()).isEqualTo(Map.of("grant_type", "client_credentials"));
    }

    @Test
    void readsASecretFromStandardInput() {
        CommandRun run = issuer.token(SECRET, "--secret-file", "-");

        assertThat(run.orFail()).asString(UTF_8).isEqualTo(issuer.token() + "\n");
        assertThat(issuer.basic()).endsWith(UNKNOWN);
    }

    @Test
    void signsAnAssertionWithAKey() throws Exception {
        String reader = AgeKey.generate().recipient();

        byKey("--age-recipient", reader, "--scope", "a b").orFail();

        Map<String, String> form = issuer.form();
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
        assertThat(issuer.lastRequest().headers()).doesNotContainKeys("authorization", "dpop");
        String assertion = form.get("client_assertion");
        assertThat(verifies(assertion, key.keys().getPublic())).isTrue();
        assertThat(part(assertion, 0))
                .hasToString("{\"alg\":\"EdDSA\",\"typ\":\"client-authentication+jwt\"}");
        JsonNode claims = part(assertion, 1);
        assertThat(claims.get("iss").textValue()).isEqualTo("agent/1");
        assertThat(claims.get("sub").textValue()).isEqualTo("agent/1");
        assertThat(claims.get("aud").textValue()).isEqualTo(issuer.url());
        assertThat(claims.get("age_recipient").textValue()).isEqualTo(reader);
        assertThat(claims.get("iat").longValue())
                .isCloseTo(Instant.now().getEpochSecond(), within(60L));
        assertThat(claims.get("exp").longValue() - claims.get("iat").longValue()).isEqualTo(60);
    }

    @Test
    void signsANewAssertionForEachRequest() throws Exception {
        byKey().orFail();
        JsonNode first = part(issuer.form().get("client_assertion"), 1);
        byKey().orFail();

        JsonNode second = part(issuer.form().get("client_assertion"), 1);
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

        String assertion = issuer.form().get("client_assertion");
        JsonWebSignature jws = new JsonWebSignature();
        jws.setCompactSerialization(assertion);
        jws.setKey(jwk.getPublicKey());
        assertThat(jws.verifySignature()).isTrue();
        assertThat(jws.getAlgorithmHeaderValue()).isEqualTo(algorithm);
        assertThat(jws.getKeyIdHeaderValue()).isEqualTo("of-the-client");
    }

    @Test
    void signsWithAnAlgorithmThatTheIssuerSupports() throws Exception {
        issuer.metadata().putArray("token_endpoint_auth_signing_alg_values_supported").add("PS512");
        write(newKey("RSA"));
        byKey().orFail();
        assertThat(part(issuer.form().get("client_assertion"), 0).get("alg").textValue())
                .isEqualTo("PS512");
    }

    @Test
    void provesTheKeyToBindTheTokenTo() throws Exception {
        issuer.granted().put("token_type", "DPoP");
        issuer.metadata().put("token_endpoint", issuer.url() + "/grant?tenant=1");
        HandMadeJws bound = HandMadeJws.generate();
        Path file = OwnFile.write(folder.resolve("dpop.jwk"), bound.privateJwk());

        assertThat(byKey("--dpop-key", file.toString()).orFail())
                .asString(UTF_8)
                .isEqualTo(issuer.token() + "\n");

        String proof = issuer.lastRequest().headers().get("dpop");
        assertThat(verifies(proof, bound.keys().getPublic())).isTrue();
        JsonNode header = part(proof, 0);
        assertThat(header.get("typ").textValue()).isEqualTo("dpop+jwt");
        assertThat(header.get("jwk")).isEqualTo(JSON.readTree(bound.publicJwk()));
        JsonNode claims = part(proof, 1);
        assertThat(claims.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("jti", "htm", "htu", "iat");
        assertThat(claims.get("htm").textValue()).isEqualTo("POST");
        assertThat(claims.get("htu").textValue()).isEqualTo(issuer.url() + "/grant");
    }

    @Test
    void provesItsKeyAgainWithTheIssuersNonce() throws Exception {
        Path file = OwnFile.write(folder.resolve("dpop.jwk"), key.privateJwk());
        issuer.granted().put("token_type", "DPoP");
        String refusal = "{\"error\":\"use_dpop_nonce\"}";
        issuer.answers(
                request ->
                        issuer.requests().size() < 3
                                ? new Answer(400, refusal, Map.of("DPoP-Nonce", "n-1"))
                                : new Answer(200, issuer.granted().toString()));

        byKey("--dpop-key", file.toString()).orFail();

        assertThat(issuer.requests()).hasSize(3);
        assertThat(part(issuer.lastRequest().headers().get("dpop"), 1).get("nonce").textValue())
                .isEqualTo("n-1");
    }

    @Test
    void reportsWithheldScopes() {
        issuer.answers(200, issuer.granted().put("scope", "a c"));

        CommandRun run = bySecret("--scope", "d a b");

        assertThat(run.orFail()).asString(UTF_8).isEqualTo(issuer.token() + "\n");
        assertThat(run.errors()).isEqualTo("not granted: b d\n");
    }

    @Test
    void findsTheMetadataOfAnIssuerWithAPath() {
        issuer.metadata().put("issuer", issuer.url() + "/tenant/");

        CommandRun.of(
                        SECRET.getBytes(UTF_8),
                        "token",
                        "--issuer",
                        issuer.url() + "/tenant/",
                        "--client-id",
                        "agent",
                        "--secret-file",
                        "-")
                .orFail();

        // RFC 8414 section 3.1
        assertThat(issuer.requests().getFirst().path()).isEqualTo(FakeIssuer.METADATA + "/tenant");
    }

    private CommandRun bySecret(String... options) {
        return issuer.bySecret(folder.resolve("secret"), options);
    }

    private CommandRun byKey(String... options) {
        return issuer.byKey(folder.resolve("client.jwk"), options);
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
        OwnFile.write(folder.resolve("client.jwk"), jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE));
    }
}
