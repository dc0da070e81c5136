package services.chorus.seqthink.audit;

import java.time.Duration;

/**
 * How a chain is written.
 *
 * @param maxWaiting events that may wait; more are lost
 * @param checkpointEvery records between two checkpoints at most
 * @param checkpointAfter time between a record and the next checkpoint at most
 * @param retry how long to wait after a failure
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
}
