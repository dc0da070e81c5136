package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;

/**
 * {@code private_key_jwt} (RFC 7523 section 2.2): an assertion that the client signs anew for each
 * request. What the issuer knows is only the public half of the key.
 */
public final class KeyProof implements ClientProof {

    private static final String METHOD = "private_key_jwt";
    private static final String TYPE = "client-authentication+jwt";
    private static final String ASSERTION_TYPE =
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Duration LIFETIME = Duration.ofMinutes(1);
    private static final int ID_BYTES = 16;

    private final String clientId;
    private final PublicJsonWebKey key;
    private final Set<SignatureAlgorithm> algorithms;
    private final Optional<KeyRecipient> reader;
    private final InstantSource clock;

    private KeyProof(
            String clientId,
            PublicJsonWebKey key,
            Set<SignatureAlgorithm> algorithms,
            Optional<KeyRecipient> reader,
            InstantSource clock) {
        this.clientId = clientId;
        this.key = key;
        this.algorithms = algorithms;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * Reads a key.
     *
     * @param file a private JWK: RSA of 2048 bits or more, EC, or Ed25519
     * @param reader whom replies under the token are to be sealed to
     */
    public static KeyProof read(
            String clientId, Path file, Optional<KeyRecipient> reader, InstantSource clock)
            throws IOException, CallFailed {
        byte[] content = Files.readAllBytes(file);
        try {
            PublicJsonWebKey key =
                    privateKey(content)
                            .orElseThrow(
                                    () ->
                                            new CallFailed(
                                                    file
                                                            + " is no private JWK: give the key"
                                                            + " that the client was added with"));
            Set<SignatureAlgorithm> algorithms =
                    publicHalf(key)
                            .map(VerificationKey::algorithms)
                            .orElseThrow(
                                    () ->
                                            new CallFailed(
                                                    file
                                                            + " does not sign: a client's key is"
                                                            + " Ed25519, EC, or RSA of 2048 bits"
                                                            + " or more"));
            return new KeyProof(clientId, key, algorithms, reader, clock);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    @Override
    public String kind() {
        return "key";
    }

    @Override
    public void add(IssuerMetadata issuer, HttpRequest.Builder request, Map<String, String> form)
            throws CallFailed {
        issuer.requireMethod(METHOD, "--secret-file");
        form.put("client_id", clientId);
        form.put("client_assertion_type", ASSERTION_TYPE);
        form.put("client_assertion", assertion(issuer.url(), issuer.algorithmOf(algorithms)));
    }

    /** The library keeps the key in objects that cannot be wiped. */
    @Override
    public void close() {}

    private String assertion(String audience, SignatureAlgorithm algorithm) {
        Instant now = clock.instant();
        ObjectNode claims =
                StrictJson.object()
                        .put("iss", clientId)
                        .put("sub", clientId)
                        .put("aud", audience)
                        .put("iat", now.getEpochSecond())
                        .put("exp", now.plus(LIFETIME).getEpochSecond())
                        .put("jti", newId());
        reader.ifPresent(recipient -> claims.put("age_recipient", recipient.toString()));
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(algorithm.jwsName());
        jws.setHeader("typ", TYPE);
        if (key.getKeyId() != null) {
            jws.setKeyIdHeaderValue(key.getKeyId());
        }
        jws.setPayloadBytes(StrictJson.write(claims));
        jws.setKey(key.getPrivateKey());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("A key that was read does not sign", e);
        }
    }

    private static String newId() {
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        return StrictBase64.encode(id);
    }

    private static Optional<PublicJsonWebKey> privateKey(byte[] content) {
        try {
            return StrictJson.parseObject(content).isEmpty()
                    ? Optional.empty()
                    : Optional.of(PublicJsonWebKey.Factory.newPublicJwk(new String(content, UTF_8)))
                            .filter(key -> key.getPrivateKey() != null);
        } catch (JoseException | RuntimeException e) {
            // the library throws unchecked where numbers are out of range, and quotes what it read
            return Optional.empty();
        }
    }

    private static Optional<VerificationKey> publicHalf(PublicJsonWebKey key) {
        ObjectNode jwk =
                StrictJson.parseObject(key.toJson(OutputControlLevel.PUBLIC_ONLY).getBytes(UTF_8))
                        .orElseThrow();
        // says "sign" of the private half
        jwk.remove("key_ops");
        return VerificationKey.from(jwk);
    }
}
