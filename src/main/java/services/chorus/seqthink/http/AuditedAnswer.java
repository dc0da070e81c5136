package services.chorus.seqthink.http;

import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import services.chorus.seqthink.audit.AuditEvent.Part;
import services.chorus.seqthink.pipeline.Exchange;
import services.chorus.seqthink.pipeline.Problem;

/**
 * What an audit event says about an answer.
 *
 * @param part of a stream
 * @param status empty if no answer was sent
 * @param inside the status inside the seal
 * @param code of a refusal, or the reason why a stream ended
 * @param sent bytes of the body, if known
 */
record AuditedAnswer(
        Optional<Part> part,
        OptionalInt status,
        OptionalInt inside,
        Optional<String> code,
        OptionalLong sent) {

    static AuditedAnswer of(Problem problem) {
        return of(problem.status(), Optional.of(problem.code()), OptionalLong.empty());
    }

    static AuditedAnswer of(int status, Optional<String> code, OptionalLong sent) {
        return new AuditedAnswer(
                Optional.empty(), OptionalInt.of(status), OptionalInt.empty(), code, sent);
    }

    boolean isUnavailable() {
        return code.filter(Problem.AUDIT_UNAVAILABLE.code()::equals).isPresent();
    }

    boolean isOverRate() {
        return code.filter(Problem.RATE_LIMITED.code()::equals).isPresent();
    }

    static AuditedAnswer of(Part ofStream, Optional<String> code, OptionalLong sent) {
        OptionalInt ok = OptionalInt.of(200);
        return new AuditedAnswer(Optional.of(ofStream), ok, ok, code, sent);
    }

    static AuditedAnswer of(ContainerResponseContext response, Optional<Exchange> exchange) {
        int status = response.getStatus();
        return switch (response.getEntity()) {
            case ProblemBody problem ->
                    of(status, Optional.of(problem.code()), OptionalLong.empty());
            case byte[] sealed when exchange.isPresent() ->
                    new AuditedAnswer(
                            Optional.empty(),
                            OptionalInt.of(status),
                            exchange.get().innerStatus(),
                            exchange.get().innerCode(),
                            OptionalLong.of(sealed.length));
            case EventStreamWriter stream -> of(Part.BEGIN, Optional.empty(), OptionalLong.empty());
            case null, default -> of(status, Optional.empty(), OptionalLong.empty());
        };
    }
}
