package services.chorus.seqthink.audit;

import java.time.Duration;

/**
 * Bounds on queueing and checkpoints.
 *
 * @param maxWaiting capacity of the queue; more events are lost
 * @param checkpointEvery most records between two checkpoints
 * @param checkpointAfter most time between a record and the next checkpoint
 * @param retry pause after a failed write
 * @param durable whether a record counts as written only when it is on the disk
 */
record WritePace(
        int maxWaiting,
        int checkpointEvery,
        Duration checkpointAfter,
        Duration retry,
        boolean durable) {

    static WritePace of(AuditConfig config) {
        return new WritePace(
                4096,
                config.checkpointEvery(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                config.required());
    }

    /** Tells when the next checkpoint is due. For one thread. */
    static final class CheckpointTimer {

        private final WritePace pace;
        private int records;
        private long due;

        CheckpointTimer(WritePace pace) {
            this.pace = pace;
        }

        void countRecord() {
            if (records++ == 0) {
                due = System.nanoTime() + pace.checkpointAfter.toNanos();
            }
        }

        /** Makes a checkpoint due in time even if no record is written. */
        void arm() {
            if (records == 0) {
                countRecord();
            }
        }

        void countCheckpoint() {
            records = 0;
        }

        boolean isDue() {
            return records >= pace.checkpointEvery || nanosLeft() <= 0;
        }

        /**
         * Nanoseconds until a checkpoint is due, negative afterwards; no limit without a record.
         */
        long nanosLeft() {
            return records == 0 ? Long.MAX_VALUE : due - System.nanoTime();
        }
    }
}
