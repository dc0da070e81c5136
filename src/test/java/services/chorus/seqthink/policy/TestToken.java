package services.chorus.seqthink.policy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jose4j.json.JsonUtil;

/** A builder of tokens that are valid by default. */
final class TestToken {

    static final String ISSUER = "https://issuer.example";
    static final String AUDIENCE = "https://door.example";

    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, Object> claims = new LinkedHashMap<>();

    private TestToken(Instant now) {
        header.put("typ", "at+jwt");
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("sub", "agent-7");
        claims.put("exp", now.plus(Duration.ofMinutes(5)).getEpochSecond());
        claims.put("scope", "sequentialthinking.run");
    }

    /** An issuer of such tokens. */
    static TrustedIssuer issuer(KeySet keys) {
        return new TrustedIssuer(PolicySettings.issuer(ISSUER, AUDIENCE, Optional.empty()), keys);
    }

    static TestToken at(Instant now) {
        return new TestToken(now);
    }

    TestToken claim(String name, Object value) {
        claims.put(name, value);
        return this;
    }

    TestToken without(String claim) {
        claims.remove(claim);
        return this;
    }

    TestToken header(String name, Object value) {
        header.put(name, value);
        return this;
    }

    TestToken withoutHeader(String name) {
        header.remove(name);
        return this;
    }

    String signedBy(SigningKey key) {
        header.putIfAbsent("alg", key.algorithm().jwsName());
        if (!key.keyId().isEmpty()) {
            header.putIfAbsent("kid", key.keyId());
        }
        return signedBy(key::sign);
    }

    String signedBy(UnaryOperator<byte[]> signer) {
        return compact(JsonUtil.toJson(header), JsonUtil.toJson(claims), signer);
    }

    static String compact(String header, String payload, UnaryOperator<byte[]> signer) {
        String signed = encoded(bytes(header)) + "." + encoded(bytes(payload));
        return signed + "." + encoded(signer.apply(bytes(signed)));
    }

    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
