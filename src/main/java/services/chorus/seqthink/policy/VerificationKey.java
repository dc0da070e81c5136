package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EdECPoint;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * A public key that verifies signatures.
 *
 * @param keyId {@code kid}
 * @param algorithms the algorithms that the JWK permits; a token never adds one
 */
public record VerificationKey(
        Optional<String> keyId, Set<SignatureAlgorithm> algorithms, PublicKey key) {

    private static final int LEAST_RSA_BITS = 2048; // RFC 7518 section 3.3
    // an attacker's key costs some milliseconds at most; usual are 4096 and 65537
    private static final int MOST_RSA_BITS = 8192;
    private static final int MOST_EXPONENT_BITS = 64;
    private static final Map<String, String> KEY_TYPES =
            Map.of("RSA", "RSA", "P-256", "EC", "P-384", "EC", "P-521", "EC", "Ed25519", "OKP");
    private static final Map<String, Integer> COORDINATE_BYTES =
            Map.of("P-256", 32, "P-384", 48, "P-521", 66, "Ed25519", 32);
    // NIST SP 800-89 section 5.3.3: the modulus has no factor smaller than 752
    private static final BigInteger SMALL_PRIMES =
            IntStream.range(2, 752)
                    .filter(n -> IntStream.range(2, n).noneMatch(divisor -> n % divisor == 0))
                    .mapToObj(BigInteger::valueOf)
                    .reduce(BigInteger.ONE, BigInteger::multiply);
    // RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1, RFC 8037 section 2
    private static final List<String> PRIVATE_MEMBERS =
            List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");
    private static final List<String> PUBLIC_MEMBERS = List.of("kty", "crv", "x", "y", "n", "e");

    /** The key in a JWK (RFC 7517 section 4); empty when it is unusable. */
    public static Optional<VerificationKey> from(JsonNode jwk) {
        Set<SignatureAlgorithm> algorithms = algorithms(jwk);
        if (algorithms.isEmpty() || !isForSignatures(jwk) || !isPublic(jwk) || !isWhole(jwk)) {
            return Optional.empty();
        }
        return publicKey(jwk)
                .filter(VerificationKey::isSound)
                .map(
                        key ->
                                new VerificationKey(
                                        Optional.ofNullable(jwk.path("kid").textValue()),
                                        algorithms,
                                        key));
    }

    public boolean permits(SignatureAlgorithm algorithm) {
        return algorithms.contains(algorithm);
    }

    /** The SHA-256 thumbprint (RFC 7638) as unpadded base64url. */
    public String thumbprint() {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(key)
                    .calculateBase64urlEncodedThumbprint("SHA-256");
        } catch (JoseException e) {
            throw new IllegalStateException("A key that was read cannot be written", e);
        }
    }

    private static Set<SignatureAlgorithm> algorithms(JsonNode jwk) {
        String type = jwk.path("kty").asText();
        String kind = "RSA".equals(type) ? type : jwk.path("crv").asText();
        if (!type.equals(KEY_TYPES.get(kind))) {
            return Set.of();
        }
        JsonNode only = jwk.path("alg");
        return Arrays.stream(SignatureAlgorithm.values())
                .filter(algorithm -> algorithm.keyKind().equals(kind))
                .filter(algorithm -> only.isMissingNode() || algorithm.isNamed(only.textValue()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(SignatureAlgorithm.class)));
    }

    private static boolean isForSignatures(JsonNode jwk) {
        JsonNode use = jwk.path("use");
        JsonNode operations = jwk.path("key_ops");
        return (use.isMissingNode() || "sig".equals(use.textValue()))
                && (operations.isMissingNode()
                        || operations
                                .valueStream()
                                .anyMatch(op -> "verify".equals(op.textValue())));
    }

    /** A published private key proves nothing. */
    private static boolean isPublic(JsonNode jwk) {
        return PRIVATE_MEMBERS.stream().noneMatch(jwk::has);
    }

    /**
     * RFC 7518 section 6.2.1.2: a coordinate has the full size of the field; and one encoding. An
     * RSA modulus may be padded or have a leading zero, as some servers publish it (section
     * 6.3.1.1).
     */
    private static boolean isWhole(JsonNode jwk) {
        Integer size = COORDINATE_BYTES.get(jwk.path("crv").asText());
        return size == null
                || Stream.of("x", "y")
                        .filter(jwk::has)
                        .map(name -> StrictBase64.decode(jwk.get(name)))
                        .allMatch(bytes -> bytes.stream().anyMatch(all -> all.length == size));
    }

    /** Whether only the holder of the private key can make signatures that this key verifies. */
    private static boolean isSound(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> isSound(rsa.getModulus(), rsa.getPublicExponent());
            case ECPublicKey ec -> isOnCurve(ec.getW(), ec.getParams());
            case EdECPublicKey edwards -> Ed25519PublicKey.isSound(bytes(edwards.getPoint()));
            default -> false;
        };
    }

    /**
     * Whether nobody can factor the modulus at once. A prime is not recognized: that would take
     * milliseconds for each DPoP proof, and harms only the key's owner.
     */
    private static boolean isSound(BigInteger modulus, BigInteger exponent) {
        return modulus.bitLength() >= LEAST_RSA_BITS
                && modulus.bitLength() <= MOST_RSA_BITS
                && modulus.gcd(SMALL_PRIMES).equals(BigInteger.ONE)
                && modulus.sqrtAndRemainder()[1].signum() != 0
                && exponent.testBit(0)
                && exponent.bitLength() > 1
                && exponent.bitLength() <= MOST_EXPONENT_BITS;
    }

    /** SEC 1 section 3.2.2.1; the curves of JWS have no points of small order. */
    private static boolean isOnCurve(ECPoint point, ECParameterSpec curve) {
        BigInteger field = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right =
                x.pow(3)
                        .add(x.multiply(curve.getCurve().getA()))
                        .add(curve.getCurve().getB())
                        .mod(field);
        return x.compareTo(field) < 0
                && y.compareTo(field) < 0
                && y.multiply(y).mod(field).equals(right);
    }

    /** RFC 8032 section 5.1.2. */
    private static byte[] bytes(EdECPoint point) {
        byte[] bytes = new byte[Ed25519.PUBLIC_KEY_SIZE];
        byte[] y = point.getY().toByteArray(); // at most 32 bytes, since y has 255 bits
        for (int i = 0; i < y.length; i++) {
            bytes[i] = y[y.length - 1 - i];
        }
        if (point.isXOdd()) {
            bytes[bytes.length - 1] |= (byte) 0x80;
        }
        return bytes;
    }

    private static Optional<PublicKey> publicKey(JsonNode jwk) {
        try {
            String members = jwk.<ObjectNode>deepCopy().retain(PUBLIC_MEMBERS).toString();
            return Optional.of(PublicJsonWebKey.Factory.newPublicJwk(members).getPublicKey());
        } catch (JoseException | RuntimeException e) {
            // the library's unchecked exceptions for numbers out of range must not prevent the
            // other keys of the set from being read
            return Optional.empty();
        }
    }
}
