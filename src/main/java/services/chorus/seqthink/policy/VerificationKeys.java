package services.chorus.seqthink.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.FetchException.Problem;

/** The keys that one JWKS document lists, as far as they may verify tokens. */
record VerificationKeys(List<VerificationKey> keys) {

    /**
     * Reads a JSON Web Key Set (RFC 7517 section 5). Keys of no use to us are passed over.
     *
     * @throws FetchException when it is no key set, or none of its keys is usable
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
     * The one key that fits. With a {@code kid} that is the key of this name, or the only key of
     * the set when that has no name; without, the only one that permits the algorithm. Where
     * several fit none does.
     */
    KeyLookup find(Optional<String> keyId, SignatureAlgorithm algorithm) {
        List<VerificationKey> named = keys.stream().filter(key -> answersTo(keyId, key)).toList();
        List<VerificationKey> fitting =
                named.stream().filter(key -> key.permits(algorithm)).toList();
        if (fitting.size() == 1) {
            return new KeyLookup.Found(fitting.getFirst());
        }
        return fitting.isEmpty() && !named.isEmpty()
                ? new KeyLookup.WrongAlgorithm()
                : new KeyLookup.Unknown();
    }

    private boolean answersTo(Optional<String> keyId, VerificationKey key) {
        return keyId.isEmpty()
                || key.keyId().equals(keyId)
                || (key.keyId().isEmpty() && keys.size() == 1);
    }
}
