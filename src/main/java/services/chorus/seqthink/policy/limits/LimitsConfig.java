package services.chorus.seqthink.policy.limits;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** What an operator said about limits; defaults stand in {@link LimitsVariables}. */
@ConfigMapping(prefix = "seqthink.limits")
public interface LimitsConfig {

    /** How many requests a caller may make in a minute. */
    int perMinute();

    /** How many requests of one address may fail for their token in a minute. */
    int failuresPerMinute();

    /** Addresses and networks whose {@code X-Forwarded-For} is believed. */
    Optional<List<String>> trustedProxies();
}
