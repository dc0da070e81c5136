package services.chorus.seqthink.pipeline;

import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.sealing.Sealing.Expected;

/**
 * Who sends a request, as authentication found.
 *
 * @param caller who it is
 * @param scopes what they may do
 * @param token what was presented; empty only where {@code INSECURE_DEV} leaves policy off
 */
public record AuthenticatedCaller(
        Caller caller, Set<String> scopes, Optional<PresentedToken> token) {

    /**
     * A token that was verified.
     *
     * @param compact as it was sent, a secret
     * @param claims what it says
     * @param proof of the key that it is bound to, not yet compared with the request's content;
     *     empty for a token that is bound to none
     */
    public record PresentedToken(String compact, AccessToken claims, Optional<Proof> proof) {

        /** Without the token. */
        @Override
        public String toString() {
            return "PresentedToken[" + claims.caller() + "]";
        }
    }

    /** The sender of a verified token that is bound to no key, or whose proof is yet to be seen. */
    public static AuthenticatedCaller of(String compact, AccessToken claims) {
        return new AuthenticatedCaller(
                claims.caller(),
                claims.scopes(),
                Optional.of(new PresentedToken(compact, claims, Optional.empty())));
    }

    /** The same with the proof of the key that the token is bound to. */
    public AuthenticatedCaller provenBy(Proof proof) {
        return new AuthenticatedCaller(
                caller,
                scopes,
                token.map(
                        sent ->
                                new PresentedToken(
                                        sent.compact(), sent.claims(), Optional.of(proof))));
    }

    /** What a request to that URL must have been sealed for to come from this caller. */
    Expected expectedAt(String url) {
        return new Expected(
                token.map(sent -> sent.claims().hash()),
                url,
                token.flatMap(sent -> sent.claims().ageRecipient()));
    }
}
