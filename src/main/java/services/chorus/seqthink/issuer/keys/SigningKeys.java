package services.chorus.seqthink.issuer.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;
import services.chorus.seqthink.json.StrictJson;

/**
 * The issuer's keys (RSA 2048, RS256), kept in one file: one that signs, and any that only still
 * verify. Immutable, so safe for use by several threads.
 */
public final class SigningKeys {

    private static final AlgorithmConstraints RS256_ONLY =
            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256);

    private final List<SigningKey> keys;
    private final SigningKey signing;
    private final String jwks;
    private final List<String> warnings;

    private SigningKeys(List<SigningKey> keys, SigningKey signing, List<String> warnings) {
        this.keys = List.copyOf(keys);
        this.signing = signing;
        this.warnings = List.copyOf(warnings);
        this.jwks =
                new JsonWebKeySet(keys.stream().map(SigningKey::publicJwk).toList())
                        .toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /**
     * Opens the key file; where there is none, makes one with a first key, readable by its owner
     * only. Of several processes that do so at once, one makes it and all use it.
     *
     * @throws StoreException when the file cannot be used as it is; it is never overwritten
     */
    public static SigningKeys open(Path path, InstantSource clock) {
        var file = new StoreFile<>(path, StoredKey.Document.class);
        StoredKey.Document document =
                file.read()
                        .orElseGet(
                                () ->
                                        file.update(
                                                present -> present.orElseGet(() -> first(clock))));
        List<SigningKey> keys =
                document.keys().stream().map(SigningKey::of).flatMap(Optional::stream).toList();
        if (keys.size() < document.keys().size()) {
            throw file.broken("a key in it is no RSA key, or not the one its kid says");
        }
        List<SigningKey> signing = keys.stream().filter(SigningKey::signs).toList();
        if (signing.size() != 1) {
            throw file.broken("exactly one key must be in state SIGNING");
        }
        return new SigningKeys(keys, signing.getFirst(), file.warnings());
    }

    /** The JWK set (RFC 7517 section 5) of the public halves, as JSON. */
    public String jwks() {
        return jwks;
    }

    /** What an operator should hear about the file, though it can be used: a sentence each. */
    public List<String> warnings() {
        return warnings;
    }

    SigningKey signing() {
        return signing;
    }

    /** Signs a JSON object as a compact JWS of that {@code typ}. */
    public String sign(String type, String json) {
        var jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        jws.setHeader("typ", type);
        jws.setKeyIdHeaderValue(signing.kid());
        jws.setKey(signing.privateKey());
        jws.setPayload(json);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("Key " + signing.kid() + " does not sign", e);
        }
    }

    /** What one of these keys signed as a JWS of that {@code typ}; empty for all else. */
    public Optional<ObjectNode> verified(String type, String compact) {
        var jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(RS256_ONLY);
        try {
            jws.setCompactSerialization(compact);
            Optional<SigningKey> key =
                    keys.stream()
                            .filter(own -> own.kid().equals(jws.getKeyIdHeaderValue()))
                            .findFirst();
            if (key.isEmpty() || !type.equals(jws.getHeader("typ"))) {
                return Optional.empty();
            }
            jws.setKey(key.get().publicJwk().getKey());
            return jws.verifySignature()
                    ? StrictJson.parseObject(jws.getPayloadBytes())
                    : Optional.empty();
        } catch (JoseException e) {
            return Optional.empty(); // no JWS at all, or one of another algorithm
        }
    }

    @Override
    public String toString() {
        return "SigningKeys" + keys;
    }

    private static StoredKey.Document first(InstantSource clock) {
        return new StoredKey.Document(List.of(SigningKey.generate(clock.instant()).stored()));
    }
}
