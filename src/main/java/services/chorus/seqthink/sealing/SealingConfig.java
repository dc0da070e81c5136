package services.chorus.seqthink.sealing;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the sealing room is told; {@link SealingVariables} has the names and the defaults. */
@ConfigMapping(prefix = "seqthink.sealing")
public interface SealingConfig {

    /** The identities file: the first is current, the rest still open. */
    Optional<Path> identities();

    /** The recipients file that bare requests are answered to. */
    Optional<Path> recipients();

    /** The key that signs the recipients document. */
    Optional<Path> doorKey();

    /** Whether a request without an envelope is refused. */
    boolean requireBound();

    /** How far {@code issued_at} may be from now, either way. */
    Duration replayWindow();

    /** How many request ids of one caller are remembered at once. */
    int replayQuota();
}
