package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;

/**
 * The parts of a proof, each of the form it must have (RFC 9449 section 4.2), and not yet believed.
 *
 * @param algorithm the header's {@code alg}
 * @param key the header's {@code jwk}
 * @param claims the payload
 * @param signedBytes what the signature covers
 * @param signature the signature
 */
record UnverifiedProof(
        SignatureAlgorithm algorithm,
        VerificationKey key,
        ProofClaims claims,
        byte[] signedBytes,
        byte[] signature) {

    private static final int LONGEST = 8 * 1024;
    private static final String TYPE = "dpop+jwt";

    static UnverifiedProof parse(String compact) throws ProofRefusal {
        String[] parts = compact.split("\\.", -1);
        if (compact.length() > LONGEST || parts.length != 3) {
            throw new ProofRefusal(ProofFault.MALFORMED);
        }
        ObjectNode header = object(parts[0]);
        checkKind(header);
        SignatureAlgorithm algorithm =
                Optional.ofNullable(header.path("alg").textValue())
                        .flatMap(SignatureAlgorithm::named)
                        .orElseThrow(() -> new ProofRefusal(ProofFault.ALGORITHM_NOT_ALLOWED));
        return new UnverifiedProof(
                algorithm,
                key(header.path("jwk"), algorithm),
                ProofClaims.of(object(parts[1])),
                compact.substring(0, compact.lastIndexOf('.')).getBytes(US_ASCII),
                decoded(parts[2]));
    }

    private static void checkKind(ObjectNode header) throws ProofRefusal {
        if (!TYPE.equals(header.path("typ").textValue())) {
            throw new ProofRefusal(ProofFault.WRONG_TYPE);
        }
        // RFC 7515 section 4.1.11: no extension is understood here, b64 (RFC 7797) included
        if (header.has("crit") || header.has("b64")) {
            throw new ProofRefusal(ProofFault.MALFORMED);
        }
    }

    private static VerificationKey key(JsonNode jwk, SignatureAlgorithm algorithm)
            throws ProofRefusal {
        return VerificationKey.from(jwk)
                .filter(key -> key.permits(algorithm))
                .orElseThrow(() -> new ProofRefusal(ProofFault.UNUSABLE_KEY));
    }

    private static ObjectNode object(String part) throws ProofRefusal {
        return StrictJson.parseObject(decoded(part))
                .orElseThrow(() -> new ProofRefusal(ProofFault.MALFORMED));
    }

    private static byte[] decoded(String part) throws ProofRefusal {
        return StrictBase64.decode(part).orElseThrow(() -> new ProofRefusal(ProofFault.MALFORMED));
    }
}
