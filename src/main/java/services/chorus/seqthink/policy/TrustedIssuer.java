package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.Reason.Refusal;

/**
 * An issuer whose tokens are accepted.
 *
 * @param name its {@code iss}, compared exactly
 * @param audience what the {@code aud} of its tokens must contain
 * @param algorithms what its tokens may be signed with, as far as its keys permit it
 * @param keys its keys
 */
public record TrustedIssuer(
        String name, String audience, Set<SignatureAlgorithm> algorithms, KeySet keys) {

    public TrustedIssuer {
        algorithms = Set.copyOf(algorithms);
    }

    /** An issuer as an operator named it. */
    public static TrustedIssuer of(IssuerSettings settings, KeySet keys) {
        return new TrustedIssuer(
                settings.issuer(), settings.audience(), settings.algorithms(), keys);
    }

    /**
     * What the issuer signed as something other than a token. May block as {@link
     * TokenVerifier#verify} does.
     *
     * @param type the {@code typ} that it must have
     * @return the payload; empty when the issuer did not sign it as that, or its keys cannot be had
     */
    public Optional<JsonNode> signed(String compact, String type) {
        try {
            UnverifiedToken statement = UnverifiedToken.parse(compact, type);
            boolean genuine =
                    algorithms.contains(statement.algorithm())
                            && keys.find(statement.keyId(), statement.algorithm())
                                    instanceof KeyLookup.Found(VerificationKey key)
                            && statement.isSignedBy(key);
            return Optional.of(statement.claims().object()).filter(payload -> genuine);
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }
}
