package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.pipeline.AuthenticatedCaller.PresentedToken;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Scheme;
import services.chorus.seqthink.policy.dpop.DpopConfig;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.policy.dpop.ProofFault;
import services.chorus.seqthink.policy.dpop.ProofGuard;
import services.chorus.seqthink.policy.dpop.ProofVerdict;
import services.chorus.seqthink.policy.dpop.ProofVerifier;
import services.chorus.seqthink.policy.dpop.ProvenRequest;
import services.chorus.seqthink.policy.dpop.ProvenRequest.BoundToken;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Requires a proof of possession with a token that is bound to a key (RFC 9449 section 7). The
 * proof is verified against the head of the request when the token is, and against the content once
 * that has arrived.
 */
@Singleton
public final class ProveKey {

    private final ProofVerifier verifier;
    private final ProofGuard guard;
    private final PublicUrl publicUrl;
    private final boolean required;
    private final Meters meters;

    ProveKey(
            ProofVerifier verifier,
            ProofGuard guard,
            PublicUrl publicUrl,
            DpopConfig config,
            Meters meters) {
        this.verifier = verifier;
        this.guard = guard;
        this.publicUrl = publicUrl;
        this.required = config.required();
        this.meters = meters;
    }

    /**
     * The parts of the head of a request that are compared with its proof.
     *
     * @param scheme how the token was sent
     * @param proofs every value of the header {@code DPoP}
     * @param path as sent, without the query
     */
    public record Head(Scheme scheme, List<String> proofs, String method, String path) {}

    /**
     * Verifies the proof against the head of the request.
     *
     * @return the sender, with the proof if its token is bound
     * @throws Refused if the scheme or the proof does not fit the token
     */
    public AuthenticatedCaller head(AuthenticatedCaller sender, Head head) throws Refused {
        AccessToken claims = sender.token().orElseThrow().claims();
        boolean bound = claims.boundTo().isPresent();
        if (!bound && (required || head.scheme() == Scheme.DPOP)) {
            throw new Refused(new Refused.InvalidToken(Reason.NOT_BOUND));
        }
        if (bound && head.scheme() == Scheme.BEARER) {
            throw new Refused(new Refused.InvalidToken(Reason.NEEDS_PROOF));
        }
        return bound ? sender.provenBy(verified(claims, head)) : sender;
    }

    private Proof verified(AccessToken claims, Head head) throws Refused {
        ProvenRequest request =
                new ProvenRequest(
                        head.method(),
                        publicUrl.of(head.path()),
                        Optional.of(new BoundToken(claims.hash(), claims.boundTo().orElseThrow())));
        return switch (verifier.verify(head.proofs(), request)) {
            case ProofVerdict.Accepted(Proof proof) -> proof;
            case ProofVerdict.Refused(ProofFault fault) -> throw refused(fault);
        };
    }

    /**
     * Verifies the proof against the content, whose hash it must contain: DPoP itself does not
     * cover content. A proof for other content is not recorded as used.
     */
    void content(Exchange exchange) throws Refused {
        Optional<PresentedToken> token = exchange.caller().token();
        if (token.flatMap(sent -> sent.claims().boundTo()).isEmpty()) {
            return;
        }
        Proof proof =
                token.flatMap(PresentedToken::proof).orElseThrow(() -> refused(ProofFault.MISSING));
        if (!proof.covers(exchange.sealed())) {
            throw refused(ProofFault.OTHER_REQUEST);
        }
        switch (guard.admit(exchange.caller().caller(), proof)) {
            case ADMITTED -> {}
            case KNOWN -> {
                meters.count(Count.REPLAYS);
                throw refused(ProofFault.USED);
            }
            case FULL -> {
                meters.count(Count.REPLAY_QUOTA_FULL);
                throw Refused.outside(Problem.REPLAY_GUARD_FULL);
            }
            case UNAVAILABLE -> {
                meters.count(Count.STATE_FAILURES);
                throw Refused.outside(Problem.STATE_UNAVAILABLE);
            }
        }
    }

    private static Refused refused(ProofFault fault) {
        return new Refused(new Refused.InvalidProof(fault));
    }
}
