package services.chorus.seqthink.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What became of one request, or of one stream. Texts that a caller wrote are cut to a bounded
 * length when the event is written.
 *
 * @param at when the outcome was known
 * @param method the HTTP method, one of those that are known
 * @param route the route, one of those that exist
 * @param part the moment of a stream; empty for a request that is not for a stream
 * @param bearer who asked; empty where no token was verified
 * @param tool the name of the tool that was to be called, as the caller wrote it
 * @param requestHash unpadded base64url SHA-256 of the sealed request
 * @param outcome what became of it
 * @param status the status outside the seal; empty when none was sent
 * @param inside the status inside the seal
 * @param code the stable code of a refusal, or the reason why a stream ended
 * @param took from the request's first byte
 * @param received bytes of the request's body
 * @param sent bytes of the answer's body, where they are known
 */
public record AuditEvent(
        Instant at,
        String method,
        String route,
        Optional<Part> part,
        Optional<Bearer> bearer,
        Optional<String> tool,
        Optional<String> requestHash,
        Outcome outcome,
        OptionalInt status,
        OptionalInt inside,
        Optional<String> code,
        Duration took,
        long received,
        OptionalLong sent) {

    public enum Outcome {
        /** It was let through, and answered. */
        ALLOWED,
        /** It was refused. */
        DENIED,
        /** It could not be answered, for a reason other than the request. */
        FAILED
    }

    public enum Part {
        BEGIN,
        END
    }

    /**
     * Who presented a verified token, and what the token says of itself; never the token.
     *
     * @param issuer its {@code iss}
     * @param claim the claim that names the caller, {@code sub} or {@code client_id}
     * @param name that claim's value
     * @param tokenId its {@code jti}
     * @param scopes what it grants
     */
    public record Bearer(
            String issuer,
            String claim,
            String name,
            Optional<String> tokenId,
            Set<String> scopes) {

        public Bearer {
            scopes = Set.copyOf(scopes);
        }
    }
}
