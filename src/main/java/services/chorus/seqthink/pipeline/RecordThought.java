package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Appends a completed call to its history, for the streams of its caller. If that fails, the reply
 * contains {@code "streamed": false}. The same goes for a call that its tool answered with an
 * error, which is no thought.
 */
@Singleton
final class RecordThought {

    /** The member of an outcome for an error that the tool reported. */
    static final String ERROR = "error";

    private static final String STREAMED = "streamed";

    private final ThoughtLog log;
    private final InstantSource clock;
    private final Meters meters;

    RecordThought(ThoughtLog log, InstantSource clock, Meters meters) {
        this.log = log;
        this.clock = clock;
        this.meters = meters;
    }

    void thought(Exchange exchange) {
        if (exchange.outcome().has(ERROR)) {
            // what a tool refused must not displace thoughts
            exchange.outcome().put(STREAMED, false);
            return;
        }
        ObjectNode thought = StrictJson.object().put("tool", exchange.tool().orElseThrow());
        thought.set("payload", exchange.arguments());
        thought.setAll(exchange.outcome());
        thought.put("at", clock.instant().getEpochSecond());
        if (!log.record(exchange.history(), thought)) {
            meters.count(Count.UNSTREAMED_THOUGHTS);
            exchange.outcome().put(STREAMED, false);
        }
    }
}
