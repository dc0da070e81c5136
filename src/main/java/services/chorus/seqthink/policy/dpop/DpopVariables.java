package services.chorus.seqthink.policy.dpop;

import java.util.List;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;

/** The variables that say which tokens must be bound to a key. */
public final class DpopVariables {

    private static final Variable REQUIRED =
            Variable.of(
                    "REQUIRE_DPOP",
                    "seqthink.dpop.required",
                    "false",
                    Form.flag(),
                    "`true` takes only tokens that are bound to a key (`cnf.jkt`). One that is bound"
                            + " needs a DPoP proof of its key in any case.");

    private DpopVariables() {}

    /** Every variable of this room. */
    public static List<Variable> all() {
        return List.of(REQUIRED);
    }

    /**
     * What keeps the settings from being kept.
     *
     * @param policyOff whether no token is asked for at all
     */
    public static List<Fault> faults(DpopConfig config, boolean policyOff) {
        return config.required() && policyOff
                ? List.of(
                        new Fault(
                                REQUIRED.name(),
                                "is true although no tokens are asked for",
                                "set JWT_ISSUER and what belongs to it, or unset it"))
                : List.of();
    }
}
