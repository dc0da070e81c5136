package services.chorus.seqthink.pipeline;

import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.sealing.Sealing.Expected;

/**
 * The authenticated sender of a request.
 *
 * @param scopes those of the token
 * @param token empty only while {@code INSECURE_DEV} leaves policy off
 */
public record AuthenticatedCaller(
        Caller caller, Set<String> scopes, Optional<PresentedToken> token) {

    /**
     * A token that was verified.
     *
     * @param compact as sent, a secret
     * @param proof of possession of its key, not yet compared with the request's content; empty for
     *     an unbound token
     */
    public record PresentedToken(String compact, AccessToken claims, Optional<Proof> proof) {

        /** Hides the token. */
        @Override
        public String toString() {
            return "PresentedToken[" + claims.caller() + "]";
        }
    }

    /** The sender of a verified token whose proof, if any, is not verified yet. */
    public static AuthenticatedCaller of(String compact, AccessToken claims) {
        return new AuthenticatedCaller(
                claims.caller(),
                claims.scopes(),
                Optional.of(new PresentedToken(compact, claims, Optional.empty())));
    }

    /** This sender with the verified proof for the key of the token. */
    public AuthenticatedCaller provenBy(Proof proof) {
        return new AuthenticatedCaller(
                caller,
                scopes,
                token.map(
                        sent ->
                                new PresentedToken(
                                        sent.compact(), sent.claims(), Optional.of(proof))));
    }

    /** What the envelope of a request from this caller to that URL must contain. */
    Expected expectedAt(String url) {
        return new Expected(
                token.map(sent -> sent.claims().hash()),
                url,
                token.flatMap(sent -> sent.claims().ageRecipient()));
    }
}
