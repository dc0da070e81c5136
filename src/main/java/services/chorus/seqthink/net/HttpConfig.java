package services.chorus.seqthink.net;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** What outgoing connections are told; {@link HttpVariables} has the names. */
@ConfigMapping(prefix = "seqthink.http")
public interface HttpConfig {

    /** Certificate authorities to trust beside the system's, PEM. */
    Optional<Path> caPath();
}
