package services.chorus.seqthink.audit;

import java.time.Duration;

/**
 * How a log is written.
 *
 * @param mostWaiting decisions that wait to be written at once; more are lost
 * @param checkpointEvery records between two checkpoints at most
 * @param checkpointAfter time between a record and a checkpoint behind it at most
 * @param retry how long to wait after a failure
 * @param durable whether a record counts as written only when it is on the disk
 */
record Pace(
        int mostWaiting,
        int checkpointEvery,
        Duration checkpointAfter,
        Duration retry,
        boolean durable) {

    static Pace usual(AuditConfig config) {
        return new Pace(
                4096,
                config.checkpointEvery(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                config.required());
    }
}
