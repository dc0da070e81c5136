package services.chorus.seqthink.tls;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Whether TLS ends in this process; {@link TlsVariables} has the names. */
@ConfigMapping(prefix = "seqthink.tls")
public interface TlsConfig {

    /** The certificate and those that vouch for it, PEM, its own first. */
    Optional<Path> certPath();

    /** Its private key, PEM. */
    Optional<Path> keyPath();

    /** Whether to start only with both. */
    boolean required();

    /** Whether TLS ends in this process. */
    default boolean isOn() {
        return certPath().isPresent() && keyPath().isPresent();
    }
}
