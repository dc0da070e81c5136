package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import services.chorus.seqthink.sealing.Sealing;

/**
 * Receives sealed bodies. Checks the type (415), the size (413) and the free memory (503) before it
 * reads.
 */
@Singleton
final class ReceiveBody {

    private final Sealing sealing;
    private final BodyLimits limits;
    private final InflightBytes inflight;

    ReceiveBody(Sealing sealing, BodyLimits limits, InflightBytes inflight) {
        this.sealing = sealing;
        this.limits = limits;
        this.inflight = inflight;
    }

    InflightBytes.Share share() {
        return inflight.share();
    }

    void body(Exchange exchange, InflightBytes.Share room) throws Refused, InterruptedException {
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
        if (!inflight.hasRoomFor(announced)) {
            throw Refused.outside(Problem.BUSY);
        }
        exchange.received(content.read(limits.mostBytes(), limits.deadline(), room::grow));
    }
}
