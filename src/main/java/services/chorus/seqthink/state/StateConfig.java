package services.chorus.seqthink.state;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What the state room is told; {@link StateVariables} has the names. */
@ConfigMapping(prefix = "seqthink.state")
public interface StateConfig {

    /** Where replicas share; not to be shown, its password is in it. See {@link RedisUrl}. */
    Optional<String> url();
}
