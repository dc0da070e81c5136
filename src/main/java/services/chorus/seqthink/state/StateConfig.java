package services.chorus.seqthink.state;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;

/** The settings of the state that replicas share. */
@ConfigMapping(prefix = "seqthink.state")
public interface StateConfig {

    String URL = "STATE_URL";
    String WANTED = "rediss://[user][:password]@host[:port][/database]";

    Section SECTION =
            Section.of(StateConfig.class, "state")
                    .add(URL, "url", Form.text("a URL such as " + WANTED))
                    .essential(
                            "Redis that replicas share for histories, streams, rate limits and "
                                    + "replay protection, all sealed: "
                                    + "`rediss://[user][:password]@host[:port][/database]`, or `redis://` "
                                    + "on loopback. Needs Redis 6 or newer, no cluster, `maxmemory-policy "
                                    + "noeviction`. Unset: memory of this process; run one replica only.");

    Optional<String> url();

    /**
     * Checks the settings without connecting.
     *
     * @param sealed whether there are identities to seal with
     */
    static List<Fault> faults(StateConfig config, boolean sealed) {
        if (config.url().isEmpty()) {
            return List.of();
        }
        if (!sealed) {
            return List.of(
                    new Fault(
                            URL,
                            "is set but AGE_IDENT_PATH is not, so the shared state could not be"
                                    + " sealed",
                            "set both, or neither"));
        }
        try {
            RedisUrl.parse(config.url().get());
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(new Fault(URL, e.getMessage(), "set it to " + WANTED));
        }
    }
}
