package services.chorus.seqthink.http;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Scheme;
import services.chorus.seqthink.policy.dpop.DpopConfig;
import services.chorus.seqthink.policy.dpop.ProofVerdict;
import services.chorus.seqthink.policy.dpop.ProofVerifier;
import services.chorus.seqthink.policy.dpop.ProvenRequest;
import services.chorus.seqthink.policy.dpop.ProvenRequest.BoundToken;

/**
 * Sees to it that a token which is bound to a key comes from the key's holder (RFC 9449 section 7).
 */
@Singleton
final class SenderConstraint {

    private static final String HEADER = "DPoP";

    private final ProofVerifier verifier;
    private final PublicUrl publicUrl;
    private final boolean required;

    SenderConstraint(ProofVerifier verifier, PublicUrl publicUrl, DpopConfig config) {
        this.verifier = verifier;
        this.publicUrl = publicUrl;
        this.required = config.required();
    }

    /**
     * What of a request's head matters here.
     *
     * @param scheme how the token was sent
     * @param proofs every value of the header {@code DPoP}
     */
    record Sent(Scheme scheme, List<String> proofs, String method, String path) {

        static Sent in(HttpServerRequest request, Scheme scheme) {
            return new Sent(
                    scheme,
                    request.headers().getAll(HEADER),
                    request.method().name(),
                    request.path());
        }
    }

    /**
     * The identity of a verified token, with the proof if one was due.
     *
     * @throws AuthenticationFailedException when the token is not sent as it must be
     */
    SecurityIdentity check(Sent sent, SecurityIdentity identity) {
        Presented token = Presented.by(identity);
        boolean bound = token.boundTo().isPresent();
        if (!bound && (required || sent.scheme() == Scheme.DPOP)) {
            throw refused(Reason.NOT_BOUND);
        }
        if (bound && sent.scheme() == Scheme.BEARER) {
            throw refused(Reason.NEEDS_PROOF);
        }
        return bound ? proven(sent, token, identity) : identity;
    }

    private SecurityIdentity proven(Sent sent, Presented token, SecurityIdentity identity) {
        ProvenRequest request =
                new ProvenRequest(
                        sent.method(),
                        publicUrl.of(sent.path()),
                        Optional.of(
                                new BoundToken(
                                        token.tokenHash().orElseThrow(),
                                        token.boundTo().orElseThrow())));
        return switch (verifier.verify(sent.proofs(), request)) {
            case ProofVerdict.Accepted(var proof) ->
                    QuarkusSecurityIdentity.builder(identity)
                            .addAttribute(Presented.PROOF, proof)
                            .build();
            case ProofVerdict.Refused(var fault) ->
                    throw new AuthenticationFailedException(new ProofRefused(fault));
        };
    }

    private static AuthenticationFailedException refused(Reason reason) {
        return new AuthenticationFailedException(new TokenRefused(reason));
    }
}
