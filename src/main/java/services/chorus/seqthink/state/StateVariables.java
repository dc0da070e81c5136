package services.chorus.seqthink.state;

import java.util.List;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;

/** The state room's variables. */
public final class StateVariables {

    private static final String URL = "STATE_URL";
    private static final String WANTED = "rediss://[user][:password]@host[:port][/database]";

    private StateVariables() {}

    /** Every variable of this room. */
    public static List<Variable> all() {
        return List.of(
                Variable.of(
                        URL,
                        "seqthink.state.url",
                        Form.text("a URL such as " + WANTED),
                        "Redis (6 or newer, not a cluster, `noeviction`) in which replicas share"
                                + " histories, streams, limits and the replay guard, sealed: `"
                                + WANTED
                                + "`, or `redis://` on loopback. Unset: this process's memory."));
    }

    /**
     * What keeps this room from starting; nothing is connected to.
     *
     * @param sealed whether there are identities to seal with
     */
    public static List<Fault> faults(StateConfig config, boolean sealed) {
        if (config.url().isEmpty()) {
            return List.of();
        }
        if (!sealed) {
            return List.of(
                    new Fault(
                            URL,
                            "is set although AGE_IDENT_PATH is not, so nothing could be sealed there",
                            "set both, or neither"));
        }
        try {
            RedisUrl.parse(config.url().get());
            return List.of();
        } catch (RedisUrl.Unusable e) {
            return List.of(new Fault(URL, e.getMessage(), "set it to " + WANTED));
        }
    }
}
