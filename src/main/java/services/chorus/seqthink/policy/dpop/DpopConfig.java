package services.chorus.seqthink.policy.dpop;

import io.smallrye.config.ConfigMapping;

/** What an operator said about proofs; {@link DpopVariables} has the names and the defaults. */
@ConfigMapping(prefix = "seqthink.dpop")
public interface DpopConfig {

    /** Whether no token is taken without a proof of its key. */
    boolean required();
}
