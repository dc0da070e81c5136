package services.chorus.seqthink.policy.limits;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.config.Variable;

/** The settings of limits. */
@ConfigMapping(prefix = "seqthink.limits")
public interface LimitsConfig {

    Section SECTION =
            Section.of(LimitsConfig.class, "limits")
                    .add("RATE_LIMIT_PER_MINUTE", "per-minute", "200", Form.number(1, 1_000_000))
                    .meaning(
                            "Requests that a caller may make in a minute, by all replicas together"
                                    + " where `STATE_URL` is set; more are answered 429.")
                    .add(
                            "FAILURE_LIMIT_PER_MINUTE",
                            "failures-per-minute",
                            "60",
                            Form.number(1, 1_000_000))
                    .meaning(
                            "Requests of one address (of one /64 in IPv6) that each replica"
                                    + " answers 401 in a minute; more are answered 429. A good"
                                    + " token is never refused for it. An issuer answers 401 as"
                                    + " often, and more of that address 429, good client secrets"
                                    + " too.")
                    .add(
                            "TRUSTED_PROXIES",
                            "trusted-proxies",
                            Form.texts("addresses or networks such as 10.0.0.0/8"))
                    .meaning(
                            "Addresses and networks of the proxies in front, comma-separated:"
                                    + " their `X-Forwarded-For` is believed, read from the right."
                                    + " Unset: every request comes from whoever opened its"
                                    + " connection.");

    Variable PROXIES = SECTION.variable("TRUSTED_PROXIES");

    int perMinute();

    int failuresPerMinute();

    Optional<List<String>> trustedProxies();

    /** What keeps a door from starting. */
    static List<Fault> faults(LimitsConfig config) {
        return config.trustedProxies().orElse(List.of()).stream()
                .filter(text -> Network.parse(text.strip()).isEmpty())
                .map(
                        text ->
                                PROXIES.fault(
                                        "has '" + text.strip() + "', which is no network",
                                        "set it to " + PROXIES.form().wants()))
                .toList();
    }
}
