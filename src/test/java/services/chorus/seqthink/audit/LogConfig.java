package services.chorus.seqthink.audit;

import java.nio.file.Path;
import java.util.Optional;

/** A configuration of a log in a file. */
record LogConfig(
        Optional<Path> path, boolean stdout, Optional<Path> key, boolean required, int maxMb)
        implements AuditConfig {

    LogConfig(Path path, Path key, int maxMb) {
        this(Optional.of(path), false, Optional.of(key), true, maxMb);
    }

    @Override
    public int checkpointEvery() {
        return 1000;
    }

    @Override
    public Optional<String> replica() {
        return Optional.of("replica-1");
    }
}
