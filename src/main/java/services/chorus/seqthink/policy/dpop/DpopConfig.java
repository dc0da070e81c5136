package services.chorus.seqthink.policy.dpop;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;

/** The settings of DPoP: which tokens must be bound to a key. */
@ConfigMapping(prefix = "seqthink.dpop")
public interface DpopConfig {

    Section SECTION =
            Section.of(DpopConfig.class, "dpop")
                    .add("REQUIRE_DPOP", "required", "false", Form.flag())
                    .meaning(
                            "`true` takes only tokens that are bound to a key (`cnf.jkt`). One"
                                    + " that is bound needs a DPoP proof of its key in any case.");

    boolean required();

    /**
     * What keeps the settings from being kept.
     *
     * @param policyOff whether no token is asked for at all
     */
    static List<Fault> faults(DpopConfig config, boolean policyOff) {
        return config.required() && policyOff
                ? List.of(
                        new Fault(
                                "REQUIRE_DPOP",
                                "is true although no tokens are asked for",
                                "set JWT_ISSUER and what belongs to it, or unset it"))
                : List.of();
    }
}
