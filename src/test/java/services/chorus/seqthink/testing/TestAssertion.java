package services.chorus.seqthink.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A valid client assertion for a test to change, written by hand from RFC 7523 sections 2.2 and 3.
 */
public final class TestAssertion {

    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, Object> claims = new LinkedHashMap<>();
    private final UnaryOperator<byte[]> signer;

    public TestAssertion(String algorithm, UnaryOperator<byte[]> signer) {
        header.put("alg", algorithm);
        claims.put("jti", UUID.randomUUID().toString());
        this.signer = signer;
    }

    public static TestAssertion by(HandMadeJws key) {
        return new TestAssertion("EdDSA", key::signature);
    }

    /** Of a client, for an audience, valid for a minute. */
    public TestAssertion of(String clientId, String audience, Instant now) {
        return claim("iss", clientId)
                .claim("sub", clientId)
                .claim("aud", audience)
                .claim("iat", now.getEpochSecond())
                .claim("exp", now.getEpochSecond() + 60);
    }

    public TestAssertion claim(String name, Object value) {
        claims.put(name, value);
        return this;
    }

    public TestAssertion header(String name, Object value) {
        header.put(name, value);
        return this;
    }

    public TestAssertion without(String name) {
        claims.remove(name);
        header.remove(name);
        return this;
    }

    /** As a compact JWS. */
    public String sign() {
        String input = encoded(header) + "." + encoded(claims);
        return Canaries.note(
                input + "." + HandMadeJws.base64url(signer.apply(input.getBytes(US_ASCII))));
    }

    /** As the parameters of a form. */
    public String form() {
        return form(sign());
    }

    public static String form(String assertion) {
        return "client_assertion_type="
                + URLEncoder.encode(TYPE, UTF_8)
                + "&client_assertion="
                + assertion;
    }

    private static String encoded(Map<String, Object> members) {
        try {
            return HandMadeJws.base64url(JSON.writeValueAsString(members).getBytes(UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
