package services.chorus.seqthink.policy.dpop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.json.NumericDate;

/**
 * What a proof says (RFC 9449 section 4.2, and {@code request_hash} of the sealed protocol).
 *
 * @param id {@code jti}
 * @param method {@code htm}
 * @param url {@code htu}
 * @param issuedAt {@code iat}, in whole seconds
 * @param tokenHash {@code ath}
 */
record ProofClaims(
        String id,
        String method,
        String url,
        Instant issuedAt,
        Optional<String> tokenHash,
        Optional<String> requestHash) {

    private static final int LONGEST_ID = 256;

    static ProofClaims of(ObjectNode claims) throws ProofRefusal {
        String id = text(claims, "jti");
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new ProofRefusal(ProofFault.MALFORMED);
        }
        return new ProofClaims(
                id,
                text(claims, "htm"),
                text(claims, "htu"),
                NumericDate.read(claims.path("iat"))
                        .orElseThrow(() -> new ProofRefusal(ProofFault.MALFORMED)),
                ifThere(claims, "ath"),
                ifThere(claims, "request_hash"));
    }

    private static Optional<String> ifThere(ObjectNode claims, String name) throws ProofRefusal {
        return claims.has(name) ? Optional.of(text(claims, name)) : Optional.empty();
    }

    private static String text(ObjectNode claims, String name) throws ProofRefusal {
        return Optional.ofNullable(claims.path(name).textValue())
                .orElseThrow(() -> new ProofRefusal(ProofFault.MALFORMED));
    }
}
