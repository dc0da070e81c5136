package services.chorus.seqthink.policy.dpop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;

/**
 * A proof of the form it must have (RFC 9449 section 4.2), and not yet believed.
 *
 * @param algorithm the header's {@code alg}
 * @param key the header's {@code jwk}
 * @param claims the payload
 */
record UnverifiedProof(
        SignatureAlgorithm algorithm, VerificationKey key, ProofClaims claims, CompactJws jws) {

    private static final int LONGEST = 8 * 1024;
    private static final String TYPE = "dpop+jwt";

    static UnverifiedProof parse(String compact) throws ProofRefusal {
        if (compact.length() > LONGEST) {
            throw new ProofRefusal(ProofFault.MALFORMED);
        }
        CompactJws jws =
                CompactJws.parse(compact).orElseThrow(() -> new ProofRefusal(ProofFault.MALFORMED));
        checkKind(jws);
        SignatureAlgorithm algorithm =
                Optional.ofNullable(jws.header().path("alg").textValue())
                        .flatMap(SignatureAlgorithm::named)
                        .orElseThrow(() -> new ProofRefusal(ProofFault.ALGORITHM_NOT_ALLOWED));
        return new UnverifiedProof(
                algorithm,
                key(jws.header().path("jwk"), algorithm),
                ProofClaims.of(jws.payload()),
                jws);
    }

    boolean isSignedByItsKey() {
        return algorithm.verifies(jws.signedBytes(), jws.signature(), key.key());
    }

    private static void checkKind(CompactJws jws) throws ProofRefusal {
        if (!TYPE.equals(jws.header().path("typ").textValue())) {
            throw new ProofRefusal(ProofFault.WRONG_TYPE);
        }
        // no extension is understood here
        if (jws.isExtended()) {
            throw new ProofRefusal(ProofFault.MALFORMED);
        }
    }

    private static VerificationKey key(JsonNode jwk, SignatureAlgorithm algorithm)
            throws ProofRefusal {
        return VerificationKey.from(jwk)
                .filter(key -> key.permits(algorithm))
                .orElseThrow(() -> new ProofRefusal(ProofFault.UNUSABLE_KEY));
    }
}
