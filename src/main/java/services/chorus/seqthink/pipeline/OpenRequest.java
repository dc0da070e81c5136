package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.sealing.ReplyTarget;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.sealing.Sealing.Expected;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.sealing.Sealing.Incoming.Cause;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Phase;

/**
 * Decrypts a request with this service's identities and checks its envelope. All later refusals are
 * sealed.
 */
@Singleton
final class OpenRequest {

    private final Sealing sealing;
    private final PublicUrl publicUrl;
    private final Meters meters;

    OpenRequest(Sealing sealing, PublicUrl publicUrl, Meters meters) {
        this.sealing = sealing;
        this.publicUrl = publicUrl;
        this.meters = meters;
    }

    void request(Exchange exchange) throws Refused {
        Expected expected = expected(exchange);
        accept(exchange, meters.timed(Phase.OPEN, () -> sealing.open(exchange.sealed(), expected)));
        if (exchange.replyTarget().binding().isEmpty()) {
            meters.count(Count.BARE_REQUESTS);
        }
    }

    /** Opens a request for a stream, which must have an envelope. */
    void streamRequest(Exchange exchange) throws Refused {
        Expected expected = expected(exchange);
        accept(
                exchange,
                meters.timed(Phase.OPEN, () -> sealing.openStream(exchange.sealed(), expected)));
    }

    private Expected expected(Exchange exchange) {
        return exchange.caller().expectedAt(publicUrl.of(exchange.route()));
    }

    private void accept(Exchange exchange, Incoming incoming) throws Refused {
        switch (incoming) {
            case Incoming.Accepted accepted -> {
                noteHash(exchange, Optional.of(accepted.from()));
                exchange.opened(accepted);
            }
            case Incoming.Refused(ReplyTarget from, var refusal) -> {
                noteHash(exchange, Optional.of(from));
                throw Refused.forRequest(from, refusal);
            }
            case Incoming.Unanswerable(Cause cause) -> {
                noteHash(exchange, Optional.empty());
                throw Refused.outside(problem(cause));
            }
        }
    }

    private static void noteHash(Exchange exchange, Optional<ReplyTarget> from) {
        from.flatMap(ReplyTarget::binding)
                .map(Binding::requestHash)
                .or(
                        () ->
                                Optional.of(exchange.sealed())
                                        .filter(bytes -> bytes.length > 0)
                                        .map(Sha256::base64url))
                .ifPresent(exchange::hash);
    }

    private Problem problem(Cause cause) {
        return switch (cause) {
            case UNREADABLE -> {
                meters.count(Count.DECRYPT_FAILURES);
                yield Problem.MALFORMED;
            }
            case NO_IDENTITY -> {
                meters.count(Count.DECRYPT_FAILURES);
                yield Problem.KEY_CONFIG;
            }
            case ENVELOPE_REQUIRED -> Problem.ENVELOPE_REQUIRED;
            case TOO_LARGE -> Problem.TOO_LARGE;
        };
    }
}
