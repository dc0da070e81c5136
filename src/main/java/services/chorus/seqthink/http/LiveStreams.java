package services.chorus.seqthink.http;

import static java.util.stream.Collectors.toSet;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Level;
import services.chorus.seqthink.telemetry.Meters;

/** The streams that are open, so many at most for each caller and in all. */
@Singleton
final class LiveStreams {

    static final int MOST_PER_CALLER = 16;
    static final int MOST = 1000;

    private final Meters meters;
    private final Map<Caller, Integer> perCaller = new HashMap<>();
    private final Set<Place> taken = new HashSet<>();
    private boolean closing;

    LiveStreams(Meters meters) {
        this.meters = meters;
        meters.watch(Level.STREAMS_OPEN, this::begun);
    }

    /**
     * Takes a place, to be left when the request is over, however it ends.
     *
     * @param token the token as it was sent, if there is one
     * @throws ProblemException when there is none
     */
    synchronized Place take(Caller caller, Optional<String> token) {
        int own = perCaller.getOrDefault(caller, 0);
        if (closing || own >= MOST_PER_CALLER || taken.size() >= MOST) {
            throw new ProblemException(Problem.BUSY);
        }
        perCaller.put(caller, own + 1);
        Place place = new Place(caller, token);
        taken.add(place);
        return place;
    }

    /** Ends all streams before the service waits for its requests to end. */
    void end(@Observes ShutdownDelayInitiatedEvent shutdown) {
        List<Place> ending;
        synchronized (this) {
            closing = true;
            ending = List.copyOf(taken);
        }
        ending.forEach(place -> place.end(Reason.SHUTDOWN));
    }

    /** The tokens that the streams came with, each once. */
    synchronized Set<String> tokens() {
        return taken.stream().flatMap(place -> place.token.stream()).collect(toSet());
    }

    /** Ends the streams that came with a token, those that are about to begin too. */
    void end(String token, Reason reason) {
        List<Place> ending;
        synchronized (this) {
            ending = taken.stream().filter(place -> place.cameWith(token)).toList();
        }
        ending.forEach(place -> place.end(reason));
    }

    private synchronized long begun() {
        return taken.stream().filter(Place::hasBegun).count();
    }

    private synchronized void give(Place place) {
        if (taken.remove(place)) {
            perCaller.computeIfPresent(place.caller, (c, own) -> own == 1 ? null : own - 1);
        }
    }

    /** Where one stream is or will be. */
    final class Place {

        private final Caller caller;
        private final Optional<String> token;
        private Optional<SealedStream> stream = Optional.empty();
        private boolean left;
        private Optional<Reason> ended = Optional.empty();

        private Place(Caller caller, Optional<String> token) {
            this.caller = caller;
            this.token = token;
        }

        /** Puts a stream here; one that comes too late is stopped, or ended, at once. */
        synchronized void put(SealedStream begun) {
            stream = Optional.of(begun);
            if (left) {
                begun.stop();
            } else {
                ended.ifPresent(begun::end);
            }
        }

        private synchronized boolean hasBegun() {
            return stream.isPresent();
        }

        /** Stops the stream, if there is one, and frees the place. */
        void leave() {
            synchronized (this) {
                left = true;
                stream.ifPresent(SealedStream::stop);
            }
            give(this);
        }

        /** Counts that the stream here was ended for its reader's slowness. */
        void cutOff() {
            meters.count(Count.STREAMS_CUT);
        }

        private boolean cameWith(String other) {
            return token.filter(other::equals).isPresent();
        }

        private synchronized void end(Reason reason) {
            ended = Optional.of(reason);
            stream.ifPresent(begun -> begun.end(reason));
        }
    }
}
