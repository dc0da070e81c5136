package services.chorus.seqthink.sealing;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.StateUnavailableException;

/** Whether a request may go on, as far as what went before it is concerned. */
public enum Passage {
    /** It goes on. */
    ADMITTED(Optional.empty()),
    /** One of its id was here before. */
    REPLAYED(Optional.of(Refusal.replayed())),
    /** Its caller has as many requests remembered as it may. */
    TOO_MANY_REQUESTS(Optional.of(Refusal.tooManyRequests())),
    /** Its caller has as many other histories as it may. */
    TOO_MANY_HISTORIES(Optional.of(Refusal.tooManyHistories())),
    /** Nobody can tell just now, so nothing goes on. */
    UNAVAILABLE(Optional.of(Refusal.stateUnavailable()));

    private final Optional<Refusal> refusal;

    Passage(Optional<Refusal> refusal) {
        this.refusal = refusal;
    }

    /** What the caller is told; empty for a request that goes on. */
    public Optional<Refusal> refusal() {
        return refusal;
    }

    /** What the shared state says, if it says anything. */
    static Uni<Passage> of(Uni<Admission> asked, Function<Admission, Passage> meaning) {
        return asked.map(meaning)
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(UNAVAILABLE);
    }
}
