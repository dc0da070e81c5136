package services.chorus.seqthink.testing;

import java.security.SecureRandom;
import java.time.InstantSource;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.state.StateSecrets;

/** Shared state for one test. */
public final class States {

    private static final Heap ROOMY = new Heap(4L << 30);

    private States() {}

    public static SealedState inMemory() {
        return inMemory(InstantSource.system());
    }

    public static SealedState inMemory(InstantSource clock) {
        return inMemory(clock, ROOMY);
    }

    /** State of a process with that heap. */
    public static SealedState inMemory(InstantSource clock, Heap heap) {
        return SealedState.inMemory(
                new StateSecrets.OfProcess(new SecureRandom()),
                "https://door.example",
                clock,
                heap);
    }
}
