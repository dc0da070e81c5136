package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.policy.TestGateway.KEY;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.Verdict.KeysUnavailable;

class TokenVerifierTest {

    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void returnsTheClaimsOfAValidToken() throws Exception {
        String compact =
                gateway.token()
                        .claim("jti", "id-1")
                        .claim("age_recipient", "age1example")
                        .signedBy(KEY);

        AccessToken token = gateway.accepts(compact);

        assertThat(token.caller())
                .isEqualTo(new Caller(TestToken.ISSUER, Caller.Kind.SUBJECT, "agent-7"));
        assertThat(token.scopes()).containsExactly("sequentialthinking.run");
        assertThat(token.expiresAt())
                .isEqualTo(gateway.clock().instant().plus(Duration.ofMinutes(5)));
        assertThat(token.tokenId()).contains("id-1");
        assertThat(token.ageRecipient()).contains("age1example");
        assertThat(token.hash())
                .isEqualTo(
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(
                                        MessageDigest.getInstance("SHA-256")
                                                .digest(
                                                        compact.getBytes(
                                                                StandardCharsets.US_ASCII))));
        assertThat(token.toString()).doesNotContain(compact);
    }

    @ParameterizedTest
    @EnumSource
    void verifiesEverySupportedAlgorithm(SignatureAlgorithm algorithm) {
        SigningKey key = SigningKey.generate("k", algorithm);
        try (TestGateway other = new TestGateway(SigningKey.jwks(key))) {
            String compact = other.token().signedBy(key);
            String signed = compact.substring(0, compact.lastIndexOf('.') + 1);

            other.accepts(compact);
            other.refuses(tampered(compact), Reason.BAD_SIGNATURE);
            for (int length : new int[] {0, 1, 63, 64, 65, 255, 256, 257}) {
                other.refuses(signed + TestToken.encoded(new byte[length]), Reason.BAD_SIGNATURE);
            }
        }
    }

    private static String tampered(String compact) {
        int dot = compact.lastIndexOf('.');
        byte[] signature = Base64.getUrlDecoder().decode(compact.substring(dot + 1));
        signature[signature.length / 2] ^= 1;
        return compact.substring(0, dot + 1) + TestToken.encoded(signature);
    }

    @Test
    void refusesAPayloadThatWasNotSigned() {
        String mine = gateway.token().signedBy(KEY);
        String[] parts = mine.split("\\.");
        String other = gateway.token().claim("sub", "root").signedBy(KEY).split("\\.")[1];

        gateway.refuses(parts[0] + "." + other + "." + parts[2], Reason.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS256", "HS512", "RS1", "rs256", "ES256K", ""})
    void refusesUnsupportedAlgorithms(String algorithm) {
        gateway.refuses(gateway.token().header("alg", algorithm), Reason.ALGORITHM_NOT_ALLOWED);
    }

    @Test
    void refusesAnUnsignedToken() {
        String unsigned =
                gateway.token()
                        .header("alg", "none")
                        .header("kid", "key-1")
                        .signedBy(m -> new byte[0]);

        gateway.refuses(unsigned, Reason.ALGORITHM_NOT_ALLOWED);
    }

    static Stream<byte[]> formsOfThePublicKey() {
        byte[] der = KEY.pair().getPublic().getEncoded();
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n".formatted(base64);
        return Stream.of(
                der,
                pem.getBytes(StandardCharsets.US_ASCII),
                JsonUtil.toJson(KEY.jwk()).getBytes(StandardCharsets.UTF_8),
                ((RSAPublicKey) KEY.pair().getPublic()).getModulus().toByteArray());
    }

    @ParameterizedTest
    @MethodSource("formsOfThePublicKey")
    void refusesAnHmacUnderThePublicKey(byte[] publicKey) {
        for (String algorithm : List.of("HS256", "HS384", "HS512")) {
            String forged =
                    gateway.token()
                            .header("alg", algorithm)
                            .header("kid", "key-1")
                            .signedBy(message -> hmac(algorithm, publicKey, message));

            gateway.refuses(forged, Reason.ALGORITHM_NOT_ALLOWED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 2040})
    void refusesAnRsaKeyOfLessThan2048Bits(int bits) {
        SigningKey small = SigningKey.generate("small", SignatureAlgorithm.RS256, bits);
        try (TestGateway other = new TestGateway(SigningKey.jwks(KEY, small))) {
            other.accepts(other.token().signedBy(KEY));
            other.refuses(other.token().signedBy(small), Reason.UNKNOWN_KEY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void acceptsOnlyTheAlgorithmsConfiguredForTheIssuer(SignatureAlgorithm algorithm) {
        SigningKey key = SigningKey.generate("k", algorithm);
        for (SignatureAlgorithm allowed : SignatureAlgorithm.values()) {
            try (TestGateway other = new TestGateway(SigningKey.jwks(key), Set.of(allowed))) {
                if (allowed == algorithm) {
                    other.accepts(other.token().signedBy(key));
                } else {
                    other.refuses(other.token().signedBy(key), Reason.ALGORITHM_NOT_ALLOWED);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EdDSA", "Ed25519"})
    void knowsEd25519ByBothItsNames(String name) {
        SigningKey key = SigningKey.generate("k", SignatureAlgorithm.EDDSA);
        for (String ofTheKey : new String[] {"", "EdDSA", "Ed25519"}) {
            String jwks = SigningKey.jwks(List.of(key.jwkWith("alg", ofTheKey)));
            try (TestGateway other = new TestGateway(jwks)) {
                other.accepts(other.token().header("alg", name).signedBy(key));
            }
        }
    }

    private static byte[] hmac(String algorithm, byte[] key, byte[] message) {
        String name = algorithm.replace("HS", "HmacSHA");
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key, name));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesAnAlgorithmOfAnotherKeyType() {
        gateway.refuses(gateway.token().header("alg", "ES256"), Reason.ALGORITHM_NOT_ALLOWED);
    }

    @Test
    void refusesAnAlgorithmThatTheKeyDoesNotPermit() {
        try (TestGateway other =
                new TestGateway(SigningKey.jwks(List.of(KEY.jwkWith("alg", "RS256"))))) {
            other.accepts(other.token().signedBy(KEY));
            other.refuses(
                    other.token().signedBy(KEY.with(SignatureAlgorithm.PS256)),
                    Reason.ALGORITHM_NOT_ALLOWED);
        }
    }

    @Test
    void refusesAnUnknownKey() {
        gateway.refuses(gateway.token().signedBy(SigningKey.ec("key-2")), Reason.UNKNOWN_KEY);
    }

    @Test
    void refusesAnotherKeyUnderAKnownKid() {
        gateway.refuses(gateway.token().signedBy(SigningKey.rsa("key-1")), Reason.BAD_SIGNATURE);
    }

    @Test
    void ignoresKeysInTheTokensHeader() {
        SigningKey stranger = SigningKey.rsa("key-1");
        TestToken token =
                gateway.token()
                        .header("jwk", stranger.jwk())
                        .header("jku", "http://127.0.0.1:1/jwks")
                        .header("x5u", "http://127.0.0.1:1/cert")
                        .header("x5c", List.of("AAAA"));

        gateway.refuses(token.signedBy(stranger), Reason.BAD_SIGNATURE);
        gateway.accepts(token.signedBy(KEY));
    }

    @Test
    void isUnavailableWithoutKeys() {
        KeySource broken =
                () -> {
                    throw new FetchException(Problem.UNREACHABLE);
                };
        try (TestGateway other = new TestGateway(broken)) {
            assertThat(other.verify(other.token().signedBy(KEY))).isEqualTo(new KeysUnavailable());
        }
    }

    @Test
    void doesNotFetchKeysForATokenThatIsRefusedAnyway() {
        AtomicInteger fetches = new AtomicInteger();
        KeySource counting =
                () -> {
                    fetches.incrementAndGet();
                    return new KeySource.Document(SigningKey.jwks(KEY), Optional.empty());
                };
        SigningKey retired = SigningKey.ec("retired");
        try (TestGateway other = new TestGateway(counting)) {
            other.accepts(other.token().signedBy(KEY));

            other.refuses(other.token().claim("exp", 1).signedBy(retired), Reason.EXPIRED);
            other.refuses(other.token().claim("aud", "x").signedBy(retired), Reason.WRONG_AUDIENCE);
            assertThat(fetches).hasValue(1);

            other.refuses(other.token().signedBy(retired), Reason.UNKNOWN_KEY);
            assertThat(fetches).hasValue(2);
        }
    }
}
