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

/** Finds the key to bind a token to: the one that the request proves (RFC 9449 section 5). */
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
     * The thumbprint of the key that a request proves; empty when the token is not to be bound.
     * Blocks its thread for two seconds at most.
     *
     * @param path of the endpoint, below the issuer's URL
     */
    Optional<String> thumbprint(HttpServerRequest request, String path, Client client)
            throws OAuthException {
        List<String> proofs = request.headers().getAll(HEADER);
        if (!proofs.isEmpty()) {
            var proven =
                    new ProvenRequest(
                            request.method().name(),
                            issuer.authority().url() + path,
                            Optional.empty());
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

    /** The proof, unless it was used before. */
    Proof once(Proof proof, Client client) throws OAuthException {
        var caller = new Caller(issuer.authority().url(), Kind.CLIENT, client.clientId());
        return switch (guard.get().admit(caller, proof)) {
            case ADMITTED -> proof;
            case KNOWN ->
                    throw new OAuthException(INVALID_DPOP_PROOF, ProofFault.USED.description());
            case FULL ->
                    throw OAuthException.forNow(
                            "Too many DPoP proofs of this client: try again shortly");
            case UNAVAILABLE ->
                    throw OAuthException.forNow(
                            "The DPoP proof cannot be checked now: try again shortly");
        };
    }
}
