package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.protocol.StreamEvent.Thought;
import services.chorus.seqthink.state.LogPage;
import services.chorus.seqthink.state.LogPosition;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * One reader of one log. Holds a page of it at most, and reads the next only when every thought of
 * the last was asked for.
 */
final class LogFollower {

    /** Before the first entry of a log that is not there yet. */
    static final LogPosition NOWHERE = new LogPosition("", 0);

    private static final int PAGE_BYTES = 256 * 1024;

    private final SharedState state;
    private final Name log;
    private final Duration lookAgain;

    // where the last thought was that went out; one signal at a time, as reactive streams are
    private volatile LogPosition position = NOWHERE;

    LogFollower(SharedState state, Name log, Duration lookAgain) {
        this.state = state;
        this.log = log;
        this.lookAgain = lookAgain;
    }

    /** The thoughts after a position, and an end when there can be no more. */
    Multi<StreamEvent> from(LogPosition start) {
        position = start;
        return reasonsToRead()
                .onItem()
                .transformToMultiAndConcatenate(reason -> newThoughts())
                .onFailure(Gone.class)
                .recoverWithItem(() -> end(Reason.LOST))
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(() -> end(Reason.STATE_UNAVAILABLE));
    }

    /** However many there are while nothing is asked for, they are one. */
    private Multi<Name> reasonsToRead() {
        return Multi.createBy()
                .merging()
                .streams(
                        state.follow(log),
                        Multi.createFrom()
                                .ticks()
                                .startingAfter(lookAgain)
                                .every(lookAgain)
                                .onOverflow()
                                .drop()
                                .map(tick -> log),
                        Multi.createFrom().item(log))
                .onOverflow()
                .dropPreviousItems()
                // reading is no work for whoever added to the log
                .emitOn(Infrastructure.getDefaultWorkerPool(), 1);
    }

    private Multi<StreamEvent> newThoughts() {
        return Uni.createFrom()
                .deferred(() -> state.read(log, position.sequence(), PAGE_BYTES))
                .map(this::thoughts)
                .repeat()
                .until(List::isEmpty)
                .onItem()
                .transformToMultiAndConcatenate(page -> Multi.createFrom().iterable(page))
                .onItem()
                .invoke(event -> position = new LogPosition(event.epoch(), event.sequence()));
    }

    private List<StreamEvent> thoughts(LogPage page) {
        LogPosition end = page.end().orElse(NOWHERE);
        boolean anyEpoch = position.epoch().isEmpty();
        if (!anyEpoch && !position.epoch().equals(end.epoch())) {
            throw new Gone();
        }
        long last = position.sequence();
        List<StreamEvent> thoughts = new ArrayList<>(page.entries().size());
        for (LogPage.Entry entry : page.entries()) {
            ObjectNode thought = StrictJson.parseObject(entry.bytes()).orElseThrow(Gone::new);
            thoughts.add(new Thought(end.epoch(), entry.sequence(), thought));
            if (entry.sequence() != ++last) {
                throw new Gone();
            }
        }
        if (thoughts.isEmpty() && end.sequence() != last) {
            throw new Gone();
        }
        return thoughts;
    }

    private End end(Reason reason) {
        return new End(position.epoch(), position.sequence(), reason);
    }

    /** What should have come next is not there any more. */
    private static final class Gone extends RuntimeException {
        Gone() {
            super("gone", null, false, false);
        }
    }
}
