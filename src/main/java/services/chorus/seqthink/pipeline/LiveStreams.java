package services.chorus.seqthink.pipeline;

import static java.util.stream.Collectors.toSet;

import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import services.chorus.seqthink.pipeline.AuthenticatedCaller.PresentedToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.limits.Shares;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Reading;

/** Limits open streams, for each caller and in total. Safe for use by several threads. */
@Singleton
public final class LiveStreams {

    /** Largest number of open streams of one caller. */
    public static final int MOST_PER_CALLER = 16;

    static final int MOST = 1000;

    private final Meters meters;
    private final Shares<Caller> places = new Shares<>(MOST, 1, MOST_PER_CALLER);
    private final Set<Place> taken = new HashSet<>();
    private boolean closing;

    /** Exports the number of open streams as a meter. */
    public LiveStreams(Meters meters) {
        this.meters = meters;
        meters.watch(Reading.STREAMS_OPEN, this::begun);
    }

    /**
     * Reserves a place for a stream.
     *
     * @throws Refused if none is free, or the caller has all that it may have
     */
    public synchronized Place take(AuthenticatedCaller caller) throws Refused {
        if (closing) {
            throw Refused.outside(Problem.BUSY);
        }
        switch (places.take(caller.caller(), 1)) {
            case GRANTED -> {}
            case OVER_SHARE -> throw Refused.outside(Problem.CALLER_BUSY);
            case FULL -> throw Refused.outside(Problem.BUSY);
        }
        Place place = new Place(caller.caller(), caller.token().map(PresentedToken::compact));
        taken.add(place);
        return place;
    }

    /** Ends all streams and rejects new ones. */
    public void shutDown() {
        synchronized (this) {
            closing = true;
        }
        end(place -> true, Reason.SHUTDOWN);
    }

    synchronized Set<String> tokens() {
        return taken.stream().flatMap(place -> place.token.stream()).collect(toSet());
    }

    /** Ends the streams of a token, including those that are about to begin. */
    void end(String token, Reason reason) {
        end(place -> place.token.filter(token::equals).isPresent(), reason);
    }

    private void end(Predicate<Place> which, Reason reason) {
        List<Place> ending;
        synchronized (this) {
            ending = taken.stream().filter(which).toList();
        }
        ending.forEach(place -> place.end(reason));
    }

    private synchronized long begun() {
        return taken.stream().filter(place -> place.wake.isPresent()).count();
    }

    private synchronized void free(Place place) {
        if (taken.remove(place)) {
            places.release(place.caller, 1);
        }
    }

    /** The place of one stream, open or about to begin. */
    public final class Place implements AutoCloseable {

        private final Caller caller;
        private final Optional<String> token;
        private volatile Optional<Runnable> wake = Optional.empty();
        private volatile Optional<Reason> ending = Optional.empty();

        private Place(Caller caller, Optional<String> token) {
            this.caller = caller;
            this.token = token;
        }

        /**
         * Marks that the stream has begun.
         *
         * @param onEnding called once {@link #ending} has a reason; must not block
         */
        void begin(Runnable onEnding) {
            wake = Optional.of(onEnding);
            if (ending.isPresent()) {
                onEnding.run();
            }
        }

        Optional<Reason> ending() {
            return ending;
        }

        void countSlow() {
            meters.count(Count.STREAMS_CUT);
        }

        private void end(Reason reason) {
            ending = Optional.of(reason);
            wake.ifPresent(Runnable::run);
        }

        /** Frees the place. */
        @Override
        public void close() {
            free(this);
        }
    }
}
