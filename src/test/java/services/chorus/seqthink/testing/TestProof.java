package services.chorus.seqthink.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A valid DPoP proof for a test to change, written by hand from RFC 9449 section 4.2. */
public final class TestProof {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, Object> claims = new LinkedHashMap<>();
    private final UnaryOperator<byte[]> signer;

    /**
     * @param jwk the public key
     * @param signer signs with the private key
     */
    public TestProof(String algorithm, Map<String, Object> jwk, UnaryOperator<byte[]> signer) {
        header.put("typ", "dpop+jwt");
        header.put("alg", algorithm);
        header.put("jwk", jwk);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", Instant.now().getEpochSecond());
        this.signer = signer;
    }

    public static TestProof by(HandMadeJws key) {
        return new TestProof(
                "EdDSA", Map.of("kty", "OKP", "crv", "Ed25519", "x", key.x()), key::signature);
    }

    public TestProof of(String method, String url, String token) {
        return claim("htm", method)
                .claim("htu", url)
                .claim("ath", Client.sha256(token.getBytes(US_ASCII)));
    }

    /** Of a request with these sealed bytes. */
    public TestProof covering(byte[] sealed) {
        return claim("request_hash", Client.sha256(sealed));
    }

    public TestProof claim(String name, Object value) {
        claims.put(name, value);
        return this;
    }

    public TestProof without(String name) {
        claims.remove(name);
        header.remove(name);
        return this;
    }

    public TestProof header(String name, Object value) {
        header.put(name, value);
        return this;
    }

    public String sign() {
        return signedBy(signer);
    }

    public String signedBy(UnaryOperator<byte[]> other) {
        String input = encoded(header) + "." + encoded(claims);
        return input + "." + HandMadeJws.base64url(other.apply(input.getBytes(US_ASCII)));
    }

    private static String encoded(Map<String, Object> members) {
        try {
            return HandMadeJws.base64url(JSON.writeValueAsString(members).getBytes(UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
