package services.chorus.seqthink.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The outcome of one request, or the begin or end of a stream. Texts from a caller are cut to a
 * bounded length when the event is written.
 *
 * @param method one of the known HTTP methods
 * @param route one of the known routes
 * @param part empty for a request that is not for a stream
 * @param bearer empty when no token was verified
 * @param tool the name of the called tool, as the caller wrote it
 * @param requestHash unpadded base64url SHA-256 of the sealed request
 * @param status the status outside the seal; empty when none was sent
 * @param inside the status inside the seal
 * @param code the stable code of a refusal, or the reason why a stream ended
 * @param took measured from the request's first byte
 * @param received bytes of the request's body
 * @param sent bytes of the response's body, if known
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
        /** The request was allowed and answered. */
        ALLOWED,
        /** The request was refused. */
        DENIED,
        /** The request could not be answered, for a reason other than the request itself. */
        FAILED
    }

    public enum Part {
        BEGIN,
        END
    }

    /**
     * The claims of a verified token; never the token itself.
     *
     * @param issuer its {@code iss}
     * @param claim the claim that names the caller, {@code sub} or {@code client_id}
     * @param name its value
     * @param tokenId its {@code jti}
     * @param scopes the granted scopes
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
