package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_DPOP_PROOF;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Caller.Kind;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.policy.dpop.ProofFault;
import services.chorus.seqthink.policy.dpop.ProofGuard;
import services.chorus.seqthink.policy.dpop.ProofVerdict.Accepted;
import services.chorus.seqthink.policy.dpop.ProofVerdict.Refused;
import services.chorus.seqthink.policy.dpop.ProofVerifier;
import services.chorus.seqthink.policy.dpop.ProvenRequest;

/**
 * Tells which key a token is to be bound to: the one that its request proves (RFC 9449 section 5).
 */
@Singleton
final class KeyBinding {

    private static final String HEADER = "DPoP";

    private final Issuer issuer;
    private final Provider<ProofVerifier> verifier;
    private final Provider<ProofGuard> guard;

    KeyBinding(Issuer issuer, Provider<ProofVerifier> verifier, Provider<ProofGuard> guard) {
        this.issuer = issuer;
        this.verifier = verifier;
        this.guard = guard;
    }

    /**
     * The thumbprint of the key that a client's request proves; empty when it is to be bound to
     * none. Blocks its thread for two seconds at most.
     *
     * @param path the endpoint's, under the issuer's URL
     */
    Optional<String> thumbprint(HttpServerRequest request, String path, Client client)
            throws OAuthException {
        List<String> proofs = request.headers().getAll(HEADER);
        if (!proofs.isEmpty()) {
            var proven =
                    new ProvenRequest(
                            request.method().name(), issuer.url() + path, Optional.empty());
            return Optional.of(once(genuine(proofs, proven), client).thumbprint());
        }
        if (client.requiresDpop()) {
            throw new OAuthException(
                    INVALID_DPOP_PROOF,
                    "This client gets only tokens that are bound to a key: send a DPoP proof");
        }
        return Optional.empty();
    }

    private Proof genuine(List<String> proofs, ProvenRequest request) throws OAuthException {
        return switch (verifier.get().verify(proofs, request)) {
            case Accepted(Proof proof) -> proof;
            case Refused(var fault) ->
                    throw new OAuthException(INVALID_DPOP_PROOF, fault.description());
        };
    }

    /** The proof, if it was not used before. */
    Proof once(Proof proof, Client client) throws OAuthException {
        var caller = new Caller(issuer.url(), Kind.CLIENT, client.clientId());
        return switch (guard.get().admit(caller, proof)) {
            case ADMITTED -> proof;
            case KNOWN ->
                    throw new OAuthException(INVALID_DPOP_PROOF, ProofFault.USED.description());
            case FULL ->
                    throw OAuthException.forNow(
                            "As many DPoP proofs of this client are remembered as may be");
            case UNAVAILABLE ->
                    throw OAuthException.forNow(
                            "Whether the DPoP proof was used before cannot be told just now");
        };
    }
}
