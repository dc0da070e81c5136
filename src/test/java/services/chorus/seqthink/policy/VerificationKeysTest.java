package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.KeyLookup.Found;
import services.chorus.seqthink.policy.KeyLookup.Unknown;
import services.chorus.seqthink.policy.KeyLookup.WrongAlgorithm;
import services.chorus.seqthink.signing.Ed25519PublicKeyTest;

class VerificationKeysTest {

    private static final SigningKey RSA = SigningKey.rsa("rsa");
    private static final SigningKey EC = SigningKey.ec("ec");
    private static final SigningKey ED = SigningKey.generate("ed", SignatureAlgorithm.EDDSA);

    private static void assertProblem(String json, Problem problem) {
        assertThatExceptionOfType(FetchException.class)
                .isThrownBy(() -> VerificationKeys.parse(json))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(problem));
    }

    private static VerificationKeys keys(List<Map<String, Object>> jwks) throws FetchException {
        return VerificationKeys.parse(SigningKey.jwks(jwks));
    }

    private static KeyLookup find(VerificationKeys keys, String keyId, SignatureAlgorithm alg) {
        return keys.find(Optional.ofNullable(keyId), alg);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><body>Sign in</body></html>",
                "{}",
                "[]",
                "null",
                "{\"keys\":{}}",
                "{\"keys\":null}",
                "{\"keys\":[]} trailing",
                "{\"keys\":[],\"keys\":[]}"
            })
    void refusesADocumentThatIsNotAKeySet(String json) {
        assertProblem(json, Problem.NO_KEY_SET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keys\":[]}",
                "{\"keys\":[null,7,\"key\",[],{}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\",\"alg\":\"HS256\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":7}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"RSA\"}]}"
            })
    void refusesAKeySetWithoutAUsableKey(String json) {
        assertProblem(json, Problem.NO_USABLE_KEY);
    }

    static Stream<Map<String, Object>> keysForOtherPurposes() throws JoseException {
        return Stream.of(
                RSA.jwkWith("use", "enc"),
                RSA.jwkWith("use", 7),
                RSA.jwkWith("key_ops", List.of("encrypt")),
                RSA.jwkWith("key_ops", "verify"),
                RSA.jwkWith("alg", "RSA-OAEP"),
                RSA.jwkWith("alg", "ES256"),
                RSA.jwkWith("alg", "HS256"),
                RSA.jwkWith("alg", "none"),
                RSA.jwkWith("alg", 7),
                RSA.jwkWith("kty", "EC"),
                EC.jwkWith("crv", "P-384"),
                EC.jwkWith("alg", "ES384"),
                SigningKey.generate("small", SignatureAlgorithm.RS256, 1024).jwk(),
                privateJwk(EC));
    }

    static Stream<Map<String, Object>> unsoundKeys() {
        return Stream.of(
                        Ed25519PublicKeyTest.unsound().map(x -> ED.jwkWith("x", x)),
                        Stream.of("AQ", "Ag", "AAAB", "AQAA", "").map(e -> RSA.jwkWith("e", e)),
                        nonsense().map(n -> RSA.jwkWith("n", base64url(n))),
                        Stream.of(
                                        SignatureAlgorithm.ES256,
                                        SignatureAlgorithm.ES384,
                                        SignatureAlgorithm.ES512)
                                .flatMap(VerificationKeysTest::unsoundPoints),
                        // the same key in other texts
                        Stream.of(ED, EC).flatMap(VerificationKeysTest::otherTexts))
                .flatMap(keys -> keys);
    }

    /** Moduli that anybody can factor, or that are no modulus at all. */
    private static Stream<BigInteger> nonsense() {
        BigInteger modulus = ((RSAPublicKey) RSA.pair().getPublic()).getModulus();
        Random random = new Random(1);
        BigInteger prime = BigInteger.probablePrime(1024, random).setBit(1023);
        return Stream.of(
                modulus.clearBit(0),
                BigInteger.ZERO,
                BigInteger.ONE,
                BigInteger.TWO.pow(2048).subtract(BigInteger.ONE),
                BigInteger.TWO.pow(2047).add(BigInteger.ONE),
                BigInteger.probablePrime(2047, random).multiply(BigInteger.valueOf(3)),
                BigInteger.probablePrime(2047, random).multiply(BigInteger.valueOf(751)),
                prime.multiply(prime),
                BigInteger.valueOf(15).pow(600),
                modulus.shiftRight(1).setBit(0)); // 2047 bits
    }

    private static Stream<Map<String, Object>> unsoundPoints(SignatureAlgorithm algorithm) {
        SigningKey key = SigningKey.generate("k", algorithm);
        Object other = SigningKey.generate("o", algorithm).jwk().get("y");
        String x = key.jwk().get("x").toString();
        byte[] bytes = StrictBase64.decode(x).orElseThrow();
        String infinity = StrictBase64.encode(new byte[bytes.length]);
        byte[] most = new byte[bytes.length];
        Arrays.fill(most, (byte) 0xff);
        Map<String, Object> zero = key.jwkWith("x", infinity);
        zero.put("y", infinity);
        return Stream.of(
                zero,
                key.jwkWith("x", infinity),
                key.jwkWith("y", infinity),
                key.jwkWith("y", ""),
                key.jwkWith("y", other), // not on the curve
                key.jwkWith("y", x),
                key.jwkWith("x", StrictBase64.encode(most)), // over the prime
                key.jwkWith("x", StrictBase64.encode(Arrays.copyOf(bytes, bytes.length - 1))),
                key.jwkWith("x", StrictBase64.encode(Arrays.copyOf(bytes, bytes.length + 1))),
                key.jwkWith("x", "BA" + x), // like an uncompressed point of SEC 1
                key.jwkWith("crv", algorithm == SignatureAlgorithm.ES384 ? "P-256" : "P-384"));
    }

    private static Stream<Map<String, Object>> otherTexts(SigningKey key) {
        String x = key.jwk().get("x").toString(); // 43 digits, of which the last has two bits left
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char next = digits.charAt(digits.indexOf(x.charAt(42)) + 1);
        return Stream.of(
                        x + "=",
                        x.substring(0, 42) + next,
                        x + "\n",
                        " " + x,
                        x.substring(0, 20) + "!" + x.substring(20),
                        x.substring(0, 42) + "/")
                .map(text -> key.jwkWith("x", text));
    }

    private static String base64url(BigInteger number) {
        byte[] bytes = number.toByteArray();
        boolean signed = bytes[0] == 0 && bytes.length > 1;
        return StrictBase64.encode(signed ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    /** RFC 7518 section 6.3.1.1 warns of them: servers publish them, and they are the same key. */
    @Test
    void readsAnRsaModulusWithALeadingZeroOrPadding() throws Exception {
        BigInteger modulus = ((RSAPublicKey) RSA.pair().getPublic()).getModulus();
        for (String n :
                List.of(StrictBase64.encode(modulus.toByteArray()), base64url(modulus) + "==")) {
            assertThat(keys(List.of(RSA.jwkWith("n", n))).keys())
                    .extracting(VerificationKey::thumbprint)
                    .containsExactly(keys(List.of(RSA.jwk())).keys().getFirst().thumbprint());
        }
    }

    @ParameterizedTest
    @MethodSource("unsoundKeys")
    void skipsUnsoundKeys(Map<String, Object> jwk) throws Exception {
        assertProblem(SigningKey.jwks(List.of(jwk)), Problem.NO_USABLE_KEY);
        assertThat(keys(List.of(jwk, EC.jwk())).keys()).hasSize(1);
    }

    private static Map<String, Object> privateJwk(SigningKey key) throws JoseException {
        PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(key.pair().getPublic());
        jwk.setPrivateKey(key.pair().getPrivate());
        return jwk.toParams(OutputControlLevel.INCLUDE_PRIVATE);
    }

    @ParameterizedTest
    @MethodSource("keysForOtherPurposes")
    void skipsKeysThatAreNotForSignatures(Map<String, Object> jwk) throws Exception {
        assertProblem(SigningKey.jwks(List.of(jwk)), Problem.NO_USABLE_KEY);
        assertThat(keys(List.of(jwk, ED.jwk())).keys()).hasSize(1);
    }

    /** A number of that many bits without small factors, encoded as in a JWK. */
    private static String number(int bits) {
        BigInteger small =
                IntStream.range(2, 752)
                        .mapToObj(BigInteger::valueOf)
                        .reduce(BigInteger.ONE, BigInteger::multiply);
        BigInteger number = BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
        while (!number.gcd(small).equals(BigInteger.ONE)) {
            number = number.add(BigInteger.TWO);
        }
        return base64url(number);
    }

    @Test
    void skipsRsaKeysThatAreExpensiveToVerifyWith() throws Exception {
        for (Map<String, Object> jwk :
                List.of(RSA.jwkWith("n", number(8193)), RSA.jwkWith("e", number(65)))) {
            assertProblem(SigningKey.jwks(List.of(jwk)), Problem.NO_USABLE_KEY);
        }
        assertThat(
                        keys(List.of(RSA.jwkWith("n", number(8192)), RSA.jwkWith("e", number(64))))
                                .keys())
                .hasSize(2);
    }

    @Test
    void acceptsAKeyDeclaredForSignatures() throws Exception {
        var jwk = EC.jwkWith("use", "sig");
        jwk.put("key_ops", List.of("verify"));
        jwk.put("alg", "ES256");
        jwk.put("x5c", List.of("not a certificate"));

        assertThat(find(keys(List.of(jwk)), "ec", SignatureAlgorithm.ES256))
                .isInstanceOf(Found.class);
    }

    @Test
    void findsEachKeyByItsKid() throws Exception {
        VerificationKeys keys = keys(List.of(RSA.jwk(), EC.jwk(), ED.jwk()));

        for (SigningKey key : List.of(RSA, EC, ED)) {
            assertThat(find(keys, key.keyId(), key.algorithm()))
                    .isInstanceOfSatisfying(
                            Found.class,
                            found ->
                                    assertThat(found.key().key().getEncoded())
                                            .isEqualTo(key.pair().getPublic().getEncoded()));
        }
        assertThat(find(keys, "other", SignatureAlgorithm.RS256)).isEqualTo(new Unknown());
    }

    @Test
    void restrictsAlgorithmsByTheKey() throws Exception {
        VerificationKeys keys = keys(List.of(RSA.jwkWith("alg", "PS512"), EC.jwk()));

        assertThat(find(keys, "rsa", SignatureAlgorithm.PS512)).isInstanceOf(Found.class);
        assertThat(find(keys, "rsa", SignatureAlgorithm.RS256)).isEqualTo(new WrongAlgorithm());
        assertThat(find(keys, "ec", SignatureAlgorithm.ES384)).isEqualTo(new WrongAlgorithm());
    }

    @Test
    void usesAKeyWithoutKidOnlyWhenItIsTheOnlyOne() throws Exception {
        Map<String, Object> nameless = EC.jwkWith("kid", "");

        assertThat(find(keys(List.of(nameless)), "any", SignatureAlgorithm.ES256))
                .isInstanceOf(Found.class);
        assertThat(find(keys(List.of(nameless, RSA.jwk())), "any", SignatureAlgorithm.ES256))
                .isEqualTo(new Unknown());
    }

    @Test
    void usesTheOnlyMatchingKeyForATokenWithoutKid() throws Exception {
        VerificationKeys one = keys(List.of(EC.jwk(), RSA.jwkWith("kid", "")));
        VerificationKeys two = keys(List.of(EC.jwk(), SigningKey.ec("ec-2").jwk()));

        assertThat(find(one, null, SignatureAlgorithm.ES256)).isInstanceOf(Found.class);
        assertThat(find(one, null, SignatureAlgorithm.RS256)).isInstanceOf(Found.class);
        assertThat(find(one, null, SignatureAlgorithm.EDDSA)).isEqualTo(new WrongAlgorithm());
        assertThat(find(two, null, SignatureAlgorithm.ES256)).isEqualTo(new Unknown());
    }

    @Test
    void distinguishesKeysWithOneKidByAlgorithm() throws Exception {
        List<Map<String, Object>> jwks = new ArrayList<>();
        jwks.add(RSA.jwkWith("kid", "default"));
        jwks.add(EC.jwkWith("kid", "default"));

        assertThat(find(keys(jwks), "default", SignatureAlgorithm.ES256)).isInstanceOf(Found.class);

        jwks.add(SigningKey.ec("default").jwk());
        assertThat(find(keys(jwks), "default", SignatureAlgorithm.ES256)).isEqualTo(new Unknown());
    }

    /** Case jwks-same-key-twice. */
    @Test
    void findsAKeyThatIsListedTwice() throws Exception {
        VerificationKeys twice = keys(List.of(RSA.jwk(), RSA.jwk()));
        assertThat(find(twice, "rsa", SignatureAlgorithm.PS512)).isInstanceOf(Found.class);
        assertThat(find(twice, null, SignatureAlgorithm.PS512)).isInstanceOf(Found.class);

        Map<String, Object> nameless = new HashMap<>(EC.jwk());
        nameless.remove("kid");
        assertThat(find(keys(List.of(nameless, nameless)), "any", SignatureAlgorithm.ES256))
                .isInstanceOf(Found.class);
    }
}
