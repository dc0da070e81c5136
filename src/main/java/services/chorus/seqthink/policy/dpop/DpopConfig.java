package services.chorus.seqthink.policy.dpop;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;

/** The setting of DPoP. */
@ConfigMapping(prefix = "seqthink.dpop")
public interface DpopConfig {

    Section SECTION =
            Section.of(DpopConfig.class, "dpop")
                    .add("REQUIRE_DPOP", "required", "false", Form.flag())
                    .meaning(
                            "`true` rejects tokens that are not bound to a key (`cnf.jkt`). A "
                                    + "bound token always needs a DPoP proof.");

    boolean required();

    /**
     * Why a gateway cannot start with these values.
     *
     * @param policyOff whether callers need no token
     */
    static List<Fault> faults(DpopConfig config, boolean policyOff) {
        return config.required() && policyOff
                ? List.of(
                        new Fault(
                                "REQUIRE_DPOP",
                                "is true but no token issuer is configured",
                                "set JWT_ISSUER, JWT_AUDIENCE and KACHING_JWKS_URL, or unset it"))
                : List.of();
    }
}
