package services.chorus.seqthink.audit;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** What the audit room is told; {@link AuditVariables} has the names and the defaults. */
@ConfigMapping(prefix = "seqthink.audit")
public interface AuditConfig {

    /** What the log's files are named after. */
    Optional<Path> path();

    /** Whether records go to standard output. */
    boolean stdout();

    /** The key that signs checkpoints. */
    Optional<Path> key();

    /** Whether nothing is done without a record of it. */
    boolean required();

    /** MiB after which another file is begun. */
    int maxMb();

    /** Records between two checkpoints at most. */
    int checkpointEvery();

    /** What this process is called in its records; the host's name unless set. */
    Optional<String> replica();
}
