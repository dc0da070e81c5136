package services.chorus.seqthink.policy.dpop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a proof says (RFC 9449 section 4.2, and {@code request_hash} of the sealed protocol).
 *
 * @param id {@code jti}
 * @param method {@code htm}
 * @param url {@code htu}
 * @param issuedAt {@code iat}, in whole seconds since 1970
 * @param tokenHash {@code ath}
 */
record ProofClaims(
        String id,
        String method,
        String url,
        long issuedAt,
        Optional<String> tokenHash,
        Optional<String> requestHash) {

    private static final int LONGEST_ID = 256;
    private static final long LATEST_SECOND = 253_402_300_799L; // the year 9999

    static ProofClaims of(ObjectNode claims) throws ProofRefusal {
        String id = text(claims, "jti");
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new ProofRefusal(ProofFault.MALFORMED);
        }
        return new ProofClaims(
                id,
                text(claims, "htm"),
                text(claims, "htu"),
                seconds(claims.path("iat")),
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

    /** A NumericDate (RFC 7519 section 2), its fraction dropped. */
    private static long seconds(JsonNode date) throws ProofRefusal {
        double seconds = date.isNumber() ? date.doubleValue() : Double.NaN;
        if (!(seconds >= 0 && seconds <= LATEST_SECOND)) {
            throw new ProofRefusal(ProofFault.MALFORMED);
        }
        return (long) seconds;
    }
}
