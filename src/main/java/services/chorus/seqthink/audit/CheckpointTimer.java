package services.chorus.seqthink.audit;

import java.time.Duration;

/** When a chain needs its next checkpoint. For one thread. */
final class CheckpointTimer {

    private final int every;
    private final Duration after;
    private int records;
    private long due;

    /**
     * @param every records between two checkpoints at most
     * @param after time between a record and the next checkpoint at most
     */
    CheckpointTimer(int every, Duration after) {
        this.every = every;
        this.after = after;
    }

    void countRecord() {
        if (records++ == 0) {
            due = System.nanoTime() + after.toNanos();
        }
    }

    void countCheckpoint() {
        records = 0;
    }

    boolean isDue() {
        return records >= every || nanosLeft() <= 0;
    }

    /** Nanoseconds until a checkpoint is due, negative afterwards; without a record, for ever. */
    long nanosLeft() {
        return records == 0 ? Long.MAX_VALUE : due - System.nanoTime();
    }
}
