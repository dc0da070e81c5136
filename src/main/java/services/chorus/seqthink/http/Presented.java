package services.chorus.seqthink.http;

import io.quarkus.security.identity.SecurityIdentity;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.sealing.Expected;

/**
 * What the resources know of who calls, whether a token said it or the development identity did.
 *
 * @param caller who calls
 * @param scopes what they may
 * @param tokenId the token's {@code jti}
 * @param expiresAt until when; empty only where policy is off
 * @param tokenHash the envelope's {@code ath}; empty only where policy is off
 * @param ageRecipient the recipient the token names
 * @param boundTo the thumbprint of the key that the token is bound to
 * @param proof the proof of that key, where there is one
 */
record Presented(
        Caller caller,
        Set<String> scopes,
        Optional<String> tokenId,
        Optional<Instant> expiresAt,
        Optional<String> tokenHash,
        Optional<String> ageRecipient,
        Optional<String> boundTo,
        Optional<Proof> proof) {

    /** The identity's attribute that holds the proof. */
    static final String PROOF = Proof.class.getName();

    static Presented token(AccessToken token) {
        return new Presented(
                token.caller(),
                token.scopes(),
                token.tokenId(),
                Optional.of(token.expiresAt()),
                Optional.of(token.hash()),
                token.ageRecipient(),
                token.boundTo(),
                Optional.empty());
    }

    private Presented with(Optional<Proof> shown) {
        return new Presented(
                caller, scopes, tokenId, expiresAt, tokenHash, ageRecipient, boundTo, shown);
    }

    /** What a request to a route must have been sealed for to come from here. */
    Expected expectedAt(String url) {
        return new Expected(tokenHash, url, ageRecipient);
    }

    /** What the request's own principal presents. */
    static Presented by(SecurityIdentity identity) {
        return Presenter.of(identity)
                .presented()
                .with(Optional.ofNullable(identity.getAttribute(PROOF)));
    }
}
