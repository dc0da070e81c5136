package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;
import services.chorus.seqthink.policy.dpop.ProofVerdict.Accepted;
import services.chorus.seqthink.policy.dpop.ProofVerdict.Refused;
import services.chorus.seqthink.policy.dpop.ProvenRequest.BoundToken;

/**
 * Tells genuine proofs from others, by the checks of RFC 9449 section 4.3; no nonces are given out.
 * The token's own key is compared before the signature is looked at, so that nobody has us compute
 * with a key of their choice; where there is no token yet, who sends the proof has to be known
 * before. Safe for use by several threads.
 */
public final class ProofVerifier {

    private final ProofTime time;

    public ProofVerifier(ProofTime time) {
        this.time = time;
    }

    /**
     * Judges the proof that came with a request.
     *
     * @param values every value that the request has for {@code DPoP}
     */
    public ProofVerdict verify(List<String> values, ProvenRequest request) {
        try {
            return new Accepted(judged(only(values), request));
        } catch (ProofRefusal refusal) {
            return new Refused(refusal.fault());
        }
    }

    private static String only(List<String> values) throws ProofRefusal {
        if (values.size() > 1) {
            throw new ProofRefusal(ProofFault.SEVERAL);
        }
        return values.stream().findFirst().orElseThrow(() -> new ProofRefusal(ProofFault.MISSING));
    }

    private Proof judged(String compact, ProvenRequest request) throws ProofRefusal {
        UnverifiedProof proof = UnverifiedProof.parse(compact);
        String thumbprint = proof.key().thumbprint();
        require(
                request.token().stream().allMatch(token -> token.thumbprint().equals(thumbprint)),
                ProofFault.OTHER_KEY);
        require(proof.isSignedByItsKey(), ProofFault.BAD_SIGNATURE);
        ProofClaims claims = proof.claims();
        require(claims.method().equals(request.method()), ProofFault.OTHER_METHOD);
        require(TargetUrl.same(claims.url(), request.url()), ProofFault.OTHER_URL);
        if (request.token().isPresent()) {
            requireHash(claims, request.token().get());
        }
        require(time.takes(claims.issuedAt()), ProofFault.STALE);
        return new Proof(claims.id(), thumbprint, claims.requestHash());
    }

    private static void requireHash(ProofClaims claims, BoundToken token) throws ProofRefusal {
        String hash = claims.tokenHash().orElseThrow(() -> new ProofRefusal(ProofFault.MALFORMED));
        require(isEqual(hash, token.hash()), ProofFault.OTHER_TOKEN);
    }

    private static void require(boolean holds, ProofFault otherwise) throws ProofRefusal {
        if (!holds) {
            throw new ProofRefusal(otherwise);
        }
    }

    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }
}
