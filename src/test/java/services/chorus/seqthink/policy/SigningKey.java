package services.chorus.seqthink.policy;

import static java.util.stream.Collectors.joining;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** A key of a test issuer; signs with the JDK, independently of the library that verifies. */
public record SigningKey(String keyId, SignatureAlgorithm algorithm, KeyPair pair) {

    public static SigningKey rsa(String keyId) {
        return generate(keyId, SignatureAlgorithm.RS256);
    }

    public static SigningKey ec(String keyId) {
        return generate(keyId, SignatureAlgorithm.ES256);
    }

    public static SigningKey generate(String keyId, SignatureAlgorithm algorithm) {
        return generate(keyId, algorithm, 2048);
    }

    public static SigningKey generate(String keyId, SignatureAlgorithm algorithm, int rsaBits) {
        try {
            KeyPairGenerator generator =
                    switch (algorithm.keyKind()) {
                        case "RSA" -> KeyPairGenerator.getInstance("RSA");
                        case "Ed25519" -> KeyPairGenerator.getInstance("Ed25519");
                        default -> KeyPairGenerator.getInstance("EC");
                    };
            switch (algorithm.keyKind()) {
                case "RSA" -> generator.initialize(rsaBits);
                case "Ed25519" -> {}
                case String curve ->
                        generator.initialize(
                                new ECGenParameterSpec("sec" + curve.replace("-", "") + "r1"));
            }
            return new SigningKey(keyId, algorithm, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public SigningKey with(SignatureAlgorithm other) {
        return new SigningKey(keyId, other, pair);
    }

    public byte[] sign(byte[] message) {
        try {
            Signature signature = signature();
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private Signature signature() throws GeneralSecurityException {
        String name = algorithm.name();
        String bits = name.substring(2);
        return switch (name.substring(0, 2)) {
            case "RS" -> Signature.getInstance("SHA" + bits + "withRSA");
            case "ES" -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
            case "PS" -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(
                        new PSSParameterSpec(
                                "SHA-" + bits,
                                "MGF1",
                                new MGF1ParameterSpec("SHA-" + bits),
                                Integer.parseInt(bits) / 8,
                                1));
                yield pss;
            }
            default -> Signature.getInstance("Ed25519");
        };
    }

    public Map<String, Object> jwk() {
        try {
            Map<String, Object> jwk =
                    new LinkedHashMap<>(
                            PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic())
                                    .toParams(OutputControlLevel.PUBLIC_ONLY));
            jwk.put("kid", keyId);
            return jwk;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    /** The JWK with this member, or without it if the value is empty. */
    Map<String, Object> jwkWith(String member, Object value) {
        Map<String, Object> jwk = jwk();
        if ("".equals(value)) {
            jwk.remove(member);
        } else {
            jwk.put(member, value);
        }
        return jwk;
    }

    static String jwks(SigningKey... keys) {
        return jwks(Arrays.stream(keys).map(SigningKey::jwk).toList());
    }

    static String jwks(List<Map<String, Object>> keys) {
        return keys.stream().map(JsonUtil::toJson).collect(joining(",", "{\"keys\":[", "]}"));
    }
}
