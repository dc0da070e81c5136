package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.policy.Reason.Refusal;

/** An issuer whose tokens are accepted, and its keys. */
public record TrustedIssuer(IssuerSettings settings, KeySet keys) {

    /** Its {@code iss}, compared exactly. */
    public String name() {
        return settings.issuer();
    }

    /**
     * The payload of a JWS other than a token. May block as {@link TokenVerifier#verify} does.
     *
     * @param type the {@code typ} that it must have
     * @return empty when it is malformed, of another type or not signed by this issuer, or when the
     *     issuer's keys are unavailable
     */
    public Optional<ObjectNode> signed(String compact, String type) {
        try {
            UnverifiedToken statement = UnverifiedToken.parse(compact, type);
            boolean genuine =
                    settings.algorithms().contains(statement.algorithm())
                            && keys.find(statement.keyId(), statement.algorithm())
                                    instanceof KeyLookup.Found(VerificationKey key)
                            && statement.isSignedBy(key);
            return Optional.of(statement.claims().object()).filter(payload -> genuine);
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }
}
