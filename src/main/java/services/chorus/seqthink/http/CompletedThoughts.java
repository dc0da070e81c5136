package services.chorus.seqthink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.HistoryKey;
import services.chorus.seqthink.mcp.ToolCall;
import services.chorus.seqthink.pipeline.ThoughtLog;
import services.chorus.seqthink.pipeline.ThoughtStream;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/** What tool calls came to, written down for the streams of whoever made them. */
@Singleton
final class CompletedThoughts {

    /** How long a reply is held back for its thought to be written down. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ThoughtLog log;
    private final InstantSource clock;
    private final Meters meters;

    CompletedThoughts(ThoughtLog log, InstantSource clock, Meters meters) {
        this.log = log;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Writes a completed call down.
     *
     * @param outcome the reply's {@code result} or {@code error}
     * @return whether streams will have it for sure; answers in time, whatever happens
     */
    Uni<Boolean> record(ToolCall call, ObjectNode outcome) {
        ObjectNode thought = StrictJson.object().put("tool", call.tool());
        thought.set("payload", call.arguments());
        thought.setAll(outcome);
        thought.put("at", clock.instant().getEpochSecond());
        return log.record(id(call.key()), thought)
                .ifNoItem()
                .after(PATIENCE)
                .recoverWithItem(false)
                .invoke(
                        recorded -> {
                            if (!recorded) {
                                meters.count(Count.UNSTREAMED_THOUGHTS);
                            }
                        });
    }

    /** Begins a stream of a history. */
    Uni<ThoughtStream> stream(HistoryKey key, Optional<After> after) {
        return log.open(id(key), after);
    }

    /** Names a history, and nobody. */
    static String id(HistoryKey key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.digest().bytes());
    }
}
