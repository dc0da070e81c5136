package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.SigningKey;
import services.chorus.seqthink.policy.dpop.ProofVerdict.Accepted;
import services.chorus.seqthink.policy.dpop.ProofVerdict.Refused;
import services.chorus.seqthink.policy.dpop.ProvenRequest.BoundToken;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestProof;

/** Each check of RFC 9449 section 4.3. */
class ProofVerifierTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_900_000_000);
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final String URL = "https://door.example/mcp/tool";
    private static final String TOKEN = "the.access.token";
    private static final HandMadeJws KEY = HandMadeJws.generate();

    private final ProofVerifier verifier = verifier(NOW);

    private static ProofVerifier verifier(Instant now) {
        return new ProofVerifier(WINDOW, WINDOW, Instant.EPOCH, InstantSource.fixed(now));
    }

    private static ProvenRequest request(String thumbprint) {
        return new ProvenRequest(
                "POST",
                URL,
                Optional.of(new BoundToken(Client.sha256(TOKEN.getBytes(US_ASCII)), thumbprint)));
    }

    private static TestProof proof() {
        return proof(TestProof.by(KEY));
    }

    private static TestProof proof(TestProof by) {
        return by.of("POST", URL, TOKEN).claim("iat", NOW.getEpochSecond());
    }

    private ProofVerdict verdict(String... values) {
        return verifier.verify(List.of(values), request(KEY.fingerprint()));
    }

    private Proof accepted(TestProof proof) {
        ProofVerdict verdict = verdict(proof.sign());
        assertThat(verdict).isInstanceOf(Accepted.class);
        return ((Accepted) verdict).proof();
    }

    private void assertRefused(TestProof proof, ProofFault fault) {
        assertRefused(proof.sign(), fault);
    }

    private void assertRefused(String compact, ProofFault fault) {
        assertThat(verdict(compact)).isEqualTo(new Refused(fault));
    }

    @Test
    void acceptsAValidProofAndReturnsItsId() {
        assertThat(accepted(proof().claim("jti", "id").claim("request_hash", "hash")))
                .isEqualTo(new Proof("id", KEY.fingerprint(), Optional.of("hash")));
        assertThat(accepted(proof().claim("jti", "id")))
                .isEqualTo(new Proof("id", KEY.fingerprint(), Optional.empty()));
    }

    /** RFC 9449 section 7.1, figure 12. */
    @Test
    void acceptsTheProofOfTheRfc() {
        String thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        String token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        String proof =
                "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik"
                        + "VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
                        + "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE"
                        + "QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIj"
                        + "oiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0Z"
                        + "WRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNF"
                        + "c05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71E"
                        + "OptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
        ProvenRequest request =
                new ProvenRequest(
                        "GET",
                        "https://resource.example.org/protectedresource",
                        Optional.of(
                                new BoundToken(
                                        Client.sha256(token.getBytes(US_ASCII)), thumbprint)));

        assertThat(verifier(Instant.ofEpochSecond(1562262618)).verify(List.of(proof), request))
                .isEqualTo(
                        new Accepted(new Proof("e1j3V_bKic8-LAEB", thumbprint, Optional.empty())));
    }

    /** RFC 9449 section 5, figure 4. */
    @Test
    void acceptsTheProofOfTheRfcsTokenRequest() {
        String proof =
                "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik"
                        + "VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
                        + "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE"
                        + "QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIj"
                        + "oiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwia"
                        + "WF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg"
                        + "4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
        ProvenRequest request =
                new ProvenRequest("POST", "https://server.example.com/token", Optional.empty());

        assertThat(verifier(Instant.ofEpochSecond(1562262616)).verify(List.of(proof), request))
                .isEqualTo(
                        new Accepted(
                                new Proof(
                                        "-BwC3ESc6acc2lTc",
                                        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
                                        Optional.empty())));
    }

    @Test
    void saysWhichKeyIsProvenWhereThereIsNoTokenYet() {
        ProvenRequest request = new ProvenRequest("POST", URL, Optional.empty());
        HandMadeJws any = HandMadeJws.generate();
        TestProof proof = proof(TestProof.by(any)).claim("jti", "id").without("ath");

        assertThat(verifier.verify(List.of(proof.sign()), request))
                .isEqualTo(new Accepted(new Proof("id", any.fingerprint(), Optional.empty())));
        assertThat(verifier.verify(List.of(proof.signedBy(KEY::signature)), request))
                .isEqualTo(new Refused(ProofFault.BAD_SIGNATURE));
        assertThat(verifier.verify(List.of(proof.claim("htu", "https://x").sign()), request))
                .isEqualTo(new Refused(ProofFault.OTHER_URL));
    }

    @ParameterizedTest
    @EnumSource
    void acceptsEveryAlgorithmOfTokens(SignatureAlgorithm algorithm) {
        SigningKey key = SigningKey.generate("", algorithm);
        String name = key.algorithm() == SignatureAlgorithm.EDDSA ? "EdDSA" : algorithm.name();
        TestProof proof = proof(new TestProof(name, key.jwk(), key::sign));

        assertThat(verifier.verify(List.of(proof.sign()), request(thumbprint(key.jwk()))))
                .isInstanceOf(Accepted.class);
    }

    /** RFC 7638 section 3: the required members in the order of their names. */
    private static String thumbprint(Map<String, Object> jwk) {
        Map<String, Object> required = new TreeMap<>(jwk);
        required.keySet().retainAll(List.of("crv", "e", "kty", "n", "x", "y"));
        return Client.sha256(JsonUtil.toJson(required).getBytes(UTF_8));
    }

    @Test
    void requiresExactlyOneProof() {
        String good = proof().sign();

        assertThat(verdict()).isEqualTo(new Refused(ProofFault.MISSING));
        assertThat(verdict(good, proof().sign())).isEqualTo(new Refused(ProofFault.SEVERAL));
        assertThat(verdict(good, good)).isEqualTo(new Refused(ProofFault.SEVERAL));
        assertRefused(good + ", " + good, ProofFault.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "e30.e30", "[].e30.e30", "e30.e30.e30."})
    void refusesTextThatIsNotAJwt(String value) {
        assertRefused(value, ProofFault.MALFORMED);
    }

    @Test
    void refusesAProofThatIsTooLong() {
        assertRefused(proof().claim("pad", "x".repeat(8 * 1024)), ProofFault.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jti", "htm", "htu", "iat", "ath"})
    void refusesAProofWithAMissingOrMalformedClaim(String claim) {
        assertRefused(proof().without(claim), ProofFault.MALFORMED);
        for (Object other : Arrays.asList(null, true, List.of("POST"), Map.of("a", "b"))) {
            assertRefused(proof().claim(claim, other), ProofFault.MALFORMED);
        }
    }

    @Test
    void refusesAnIdThatIsEmptyOrTooLong() {
        accepted(proof().claim("jti", "x".repeat(256)));
        assertRefused(proof().claim("jti", "x".repeat(257)), ProofFault.MALFORMED);
        assertRefused(proof().claim("jti", ""), ProofFault.MALFORMED);
        assertRefused(proof().claim("jti", 7), ProofFault.MALFORMED);
    }

    @Test
    void refusesARequestHashThatIsNotAString() {
        assertRefused(proof().claim("request_hash", 7), ProofFault.MALFORMED);
        assertRefused(proof().claim("request_hash", null), ProofFault.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+jwt", "DPoP+JWT", "application/dpop+jwt", ""})
    void refusesAnotherType(String type) {
        assertRefused(proof().header("typ", type), ProofFault.WRONG_TYPE);
        assertRefused(proof().without("typ"), ProofFault.WRONG_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "", "HS256", "HS512", "RSA1_5", "ES256K"})
    void refusesUnsupportedAlgorithms(String algorithm) {
        assertRefused(proof().header("alg", algorithm), ProofFault.ALGORITHM_NOT_ALLOWED);
        assertRefused(proof().without("alg"), ProofFault.ALGORITHM_NOT_ALLOWED);
    }

    @Test
    void refusesAnUnsignedProof() {
        TestProof unsigned = proof().header("alg", "none");

        assertRefused(unsigned.signedBy(bytes -> new byte[0]), ProofFault.ALGORITHM_NOT_ALLOWED);
        assertRefused(proof().signedBy(bytes -> new byte[0]), ProofFault.BAD_SIGNATURE);
    }

    @Test
    void refusesAnHmacUnderThePublicKey() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.keys().getPublic().getEncoded(), "HmacSHA256"));

        assertRefused(
                proof().header("alg", "HS256").signedBy(mac::doFinal),
                ProofFault.ALGORITHM_NOT_ALLOWED);
    }

    @Test
    void refusesAnAlgorithmThatTheKeyDoesNotPermit() {
        assertRefused(proof().header("alg", "ES256"), ProofFault.UNUSABLE_KEY);
    }

    @Test
    void refusesAHeaderWithoutAUsableKey() {
        assertRefused(proof().without("jwk"), ProofFault.UNUSABLE_KEY);
        assertRefused(proof().header("jwk", KEY.publicJwk()), ProofFault.UNUSABLE_KEY);
        assertRefused(proof().header("jwk", Map.of("kty", "OKP")), ProofFault.UNUSABLE_KEY);
        assertRefused(
                proof().header("jwk", Map.of("kty", "oct", "k", "AAAA")), ProofFault.UNUSABLE_KEY);
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.signing.Ed25519PublicKeyTest#unsound")
    void refusesAnUnsoundKeyInTheHeader(String x) {
        assertRefused(
                proof().header("jwk", Map.of("kty", "OKP", "crv", "Ed25519", "x", x)),
                ProofFault.UNUSABLE_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
    void refusesAPrivateKeyInTheHeader(String member) {
        Map<String, Object> jwk =
                new HashMap<>(Map.of("kty", "OKP", "crv", "Ed25519", "x", KEY.x()));
        jwk.put(member, KEY.d());

        assertRefused(proof().header("jwk", jwk), ProofFault.UNUSABLE_KEY);
    }

    @Test
    void refusesUnknownExtensions() {
        assertRefused(proof().header("crit", List.of("b64")), ProofFault.MALFORMED);
        assertRefused(proof().header("b64", true), ProofFault.MALFORMED);
    }

    @Test
    void refusesAKeyOtherThanTheTokens() {
        assertRefused(proof(TestProof.by(HandMadeJws.generate())), ProofFault.OTHER_KEY);
    }

    @Test
    void refusesASignatureByAnotherKey() {
        assertRefused(
                proof().signedBy(HandMadeJws.generate()::signature), ProofFault.BAD_SIGNATURE);
    }

    @Test
    void refusesModifiedClaims() {
        String[] signed = proof().sign().split("\\.");
        String[] other = proof().claim("request_hash", "other").sign().split("\\.");

        assertRefused(signed[0] + "." + other[1] + "." + signed[2], ProofFault.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "post", "Post", "POST ", ""})
    void refusesAnotherMethod(String method) {
        assertRefused(proof().claim("htm", method), ProofFault.OTHER_METHOD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://door.example/mcp/sse",
                "https://door.example/mcp/tool/",
                "https://door.example/mcp/TOOL",
                "https://door.example/mcp//tool",
                "https://door.example/mcp/%74ool",
                "https://door.example/",
                "https://door.example",
                "https://door.example.evil/mcp/tool",
                "https://other.example/mcp/tool",
                "https://user@door.example/mcp/tool",
                "https://door.example:8443/mcp/tool",
                "http://door.example/mcp/tool",
                "http://door.example:443/mcp/tool",
                "//door.example/mcp/tool",
                "/mcp/tool",
                "urn:door",
                "https://",
                ""
            })
    void refusesAnotherUrl(String url) {
        assertRefused(proof().claim("htu", url), ProofFault.OTHER_URL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://door.example/mcp/tool?a=b",
                "https://door.example/mcp/tool#a",
                "HTTPS://Door.Example/mcp/tool",
                "https://door.example:443/mcp/tool"
            })
    void acceptsEquivalentUrls(String url) {
        accepted(proof().claim("htu", url));
    }

    @Test
    void refusesAProofForAnotherToken() {
        assertRefused(proof().of("POST", URL, "another.token"), ProofFault.OTHER_TOKEN);
        assertRefused(proof().claim("ath", ""), ProofFault.OTHER_TOKEN);
    }

    @Test
    void acceptsProofsWithinTheWindowOnly() {
        long now = NOW.getEpochSecond();

        accepted(proof().claim("iat", now - 60));
        accepted(proof().claim("iat", now + 60));
        accepted(proof().claim("iat", now + 60.5));
        assertRefused(proof().claim("iat", now - 61), ProofFault.STALE);
        assertRefused(proof().claim("iat", now + 61), ProofFault.STALE);
        assertRefused(proof().claim("iat", 0), ProofFault.STALE);
        assertRefused(proof().claim("iat", -1), ProofFault.MALFORMED);
        assertRefused(proof().claim("iat", 1e30), ProofFault.MALFORMED);
        assertRefused(proof().claim("iat", "" + now), ProofFault.MALFORMED);
    }

    @Test
    void refusesProofsFromBeforeTheStart() {
        ProofVerifier verifier =
                new ProofVerifier(WINDOW, Duration.ofSeconds(2), NOW, InstantSource.fixed(NOW));
        for (int second = -1; second <= 3; second++) {
            assertThat(verifier.isTimely(NOW.plusSeconds(second)))
                    .isEqualTo(second == 1 || second == 2);
        }
    }

    /** RFC 6750 section 3: error_description holds %x20-21 / %x23-5B / %x5D-7E. */
    @ParameterizedTest
    @EnumSource
    void describesEveryFaultInTheCharactersAllowed(ProofFault fault) {
        assertThat(fault.description()).matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
    }
}
