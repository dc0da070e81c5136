package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.policy.Claims;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;
import services.chorus.seqthink.policy.dpop.ProofFault.Refusal;
import services.chorus.seqthink.policy.dpop.ProofVerdict.Accepted;
import services.chorus.seqthink.policy.dpop.ProofVerdict.Refused;
import services.chorus.seqthink.policy.dpop.ProvenRequest.BoundToken;

/**
 * Verifies DPoP proofs by the checks of RFC 9449 section 4.3, without nonces. The proof's key is
 * compared with the token's before the signature is verified, so that a sender cannot choose the
 * key of a public-key operation. For a proof without a token, authenticate the sender first. Safe
 * for use by several threads.
 *
 * @param window how far in the past {@code iat} may be
 * @param ahead how far in the future
 * @param since a proof from this second or earlier is rejected, because its earlier use is unknown
 */
public record ProofVerifier(Duration window, Duration ahead, Instant since, InstantSource clock) {

    private static final int LONGEST = 8 * 1024;
    private static final int LONGEST_ID = 256;
    private static final String TYPE = "dpop+jwt";

    /**
     * Verifies the proof of a request.
     *
     * @param values every value of the header {@code DPoP}
     */
    public ProofVerdict verify(List<String> values, ProvenRequest request) {
        try {
            return new Accepted(judged(only(values), request));
        } catch (Refusal refusal) {
            return new Refused(refusal.fault());
        }
    }

    private static String only(List<String> values) throws Refusal {
        require(values.size() <= 1, ProofFault.SEVERAL);
        return values.stream().findFirst().orElseThrow(ProofFault.MISSING::refusal);
    }

    private Proof judged(String compact, ProvenRequest request) throws Refusal {
        CompactJws jws = read(compact);
        SignatureAlgorithm algorithm =
                Optional.ofNullable(jws.header().path("alg").textValue())
                        .flatMap(SignatureAlgorithm::named)
                        .orElseThrow(ProofFault.ALGORITHM_NOT_ALLOWED::refusal);
        VerificationKey key =
                VerificationKey.from(jws.header().path("jwk"))
                        .filter(given -> given.permits(algorithm))
                        .orElseThrow(ProofFault.UNUSABLE_KEY::refusal);
        Content content = Content.of(jws.payload());
        String thumbprint = key.thumbprint();
        require(
                request.token().stream().allMatch(token -> token.thumbprint().equals(thumbprint)),
                ProofFault.OTHER_KEY);
        require(
                algorithm.verifies(jws.signedBytes(), jws.signature(), key.key()),
                ProofFault.BAD_SIGNATURE);
        require(content.method.equals(request.method()), ProofFault.OTHER_METHOD);
        require(TargetUrl.same(content.url, request.url()), ProofFault.OTHER_URL);
        if (request.token().isPresent()) {
            requireHash(content, request.token().get());
        }
        require(isTimely(content.issuedAt), ProofFault.STALE);
        return new Proof(content.id, thumbprint, content.requestHash);
    }

    /** Reads a proof without verifying it (RFC 9449 section 4.2). */
    private static CompactJws read(String compact) throws Refusal {
        require(compact.length() <= LONGEST, ProofFault.MALFORMED);
        CompactJws jws = CompactJws.parse(compact).orElseThrow(ProofFault.MALFORMED::refusal);
        require(TYPE.equals(jws.header().path("typ").textValue()), ProofFault.WRONG_TYPE);
        // no extension is supported
        require(!jws.isExtended(), ProofFault.MALFORMED);
        return jws;
    }

    /** Whether this {@code iat}, in whole seconds, is accepted. */
    boolean isTimely(Instant issuedAt) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return !issuedAt.isBefore(now.minus(window))
                && !issuedAt.isAfter(now.plus(ahead))
                && issuedAt.isAfter(since);
    }

    private static void requireHash(Content content, BoundToken token) throws Refusal {
        String hash = content.tokenHash.orElseThrow(ProofFault.MALFORMED::refusal);
        require(
                MessageDigest.isEqual(hash.getBytes(UTF_8), token.hash().getBytes(UTF_8)),
                ProofFault.OTHER_TOKEN);
    }

    private static void require(boolean holds, ProofFault otherwise) throws Refusal {
        if (!holds) {
            throw otherwise.refusal();
        }
    }

    /**
     * The claims of a proof (RFC 9449 section 4.2, {@code request_hash}: docs/protocol.md).
     *
     * @param id {@code jti}
     * @param method {@code htm}
     * @param url {@code htu}
     * @param issuedAt {@code iat}, in whole seconds
     * @param tokenHash {@code ath}
     */
    private record Content(
            String id,
            String method,
            String url,
            Instant issuedAt,
            Optional<String> tokenHash,
            Optional<String> requestHash) {

        static Content of(ObjectNode payload) throws Refusal {
            Claims<Refusal> claims = new Claims<>(payload, ProofFault.MALFORMED::refusal);
            String id = claims.requiredText("jti");
            require(!id.isEmpty() && id.length() <= LONGEST_ID, ProofFault.MALFORMED);
            return new Content(
                    id,
                    claims.requiredText("htm"),
                    claims.requiredText("htu"),
                    claims.requiredInstant("iat"),
                    claims.text("ath"),
                    claims.text("request_hash"));
        }
    }
}
