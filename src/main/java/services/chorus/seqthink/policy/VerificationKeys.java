package services.chorus.seqthink.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.FetchException.Problem;

/** The usable keys of one JWKS document. */
record VerificationKeys(List<VerificationKey> keys) {

    /**
     * Reads a JSON Web Key Set (RFC 7517 section 5) and skips its unusable keys.
     *
     * @throws FetchException when it is not a key set, or none of its keys is usable
     */
    static VerificationKeys parse(String json) throws FetchException {
        JsonNode listed =
                StrictJson.parse(json.getBytes(UTF_8))
                        .map(document -> document.path("keys"))
                        .filter(JsonNode::isArray)
                        .orElseThrow(() -> new FetchException(Problem.NO_KEY_SET));
        List<VerificationKey> usable =
                listed.valueStream().map(VerificationKey::from).flatMap(Optional::stream).toList();
        if (usable.isEmpty()) {
            throw new FetchException(Problem.NO_USABLE_KEY);
        }
        return new VerificationKeys(usable);
    }

    /**
     * The only key that matches: with a {@code kid}, the key with the same one, or the only key of
     * the set if it has none; without a {@code kid}, the key that permits the algorithm. Several
     * matching keys count as none, unless they are the same: merged documents list a key twice.
     */
    KeyLookup find(Optional<String> keyId, SignatureAlgorithm algorithm) {
        List<VerificationKey> named = keys.stream().filter(key -> matches(keyId, key)).toList();
        List<VerificationKey> fitting =
                named.stream().filter(key -> key.permits(algorithm)).toList();
        if (isOneKey(fitting)) {
            return new KeyLookup.Found(fitting.getFirst());
        }
        return fitting.isEmpty() && !named.isEmpty()
                ? new KeyLookup.WrongAlgorithm()
                : new KeyLookup.Unknown();
    }

    private boolean matches(Optional<String> keyId, VerificationKey key) {
        return keyId.isEmpty()
                || key.keyId().equals(keyId)
                || (key.keyId().isEmpty() && isOneKey(keys));
    }

    private static boolean isOneKey(List<VerificationKey> keys) {
        return keys.size() == 1
                || keys.stream().map(VerificationKey::thumbprint).distinct().count() == 1;
    }
}
