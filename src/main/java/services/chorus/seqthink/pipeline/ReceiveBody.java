package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import services.chorus.seqthink.sealing.Sealing;

/**
 * Receives sealed bodies. Checks the type (415), the size (413) and the free memory (429, 503)
 * before it reads.
 */
@Singleton
final class ReceiveBody {

    private final Sealing sealing;
    private final BodyLimits limits;
    private final InProgress inProgress;

    ReceiveBody(Sealing sealing, BodyLimits limits, InProgress inProgress) {
        this.sealing = sealing;
        this.limits = limits;
        this.inProgress = inProgress;
    }

    /** The place of a call, to be closed after it; 429 or 503 if there is none. */
    InProgress.Place place(Exchange exchange) throws Refused {
        return inProgress.begin(exchange.caller().caller());
    }

    void body(Exchange exchange, InProgress.Place room) throws Refused, InterruptedException {
        RequestContent content = exchange.content();
        boolean sealed =
                content.mediaType().filter(sealing.mediaType()::equalsIgnoreCase).isPresent();
        if (!sealed || content.isEncoded()) {
            throw Refused.outside(Problem.UNSUPPORTED_MEDIA_TYPE);
        }
        long announced = content.announcedLength().orElse(0);
        if (announced > limits.mostBytes()) {
            throw Refused.outside(Problem.TOO_LARGE);
        }
        if (!room.has(announced)) {
            throw Refused.outside(room.refusal());
        }
        exchange.received(content.read(limits.mostBytes(), limits.deadline(), room));
    }
}
