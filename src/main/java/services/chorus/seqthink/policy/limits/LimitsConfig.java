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
                    .add(
                            "RATE_LIMIT_PER_MINUTE",
                            "per-minute",
                            "200",
                            Form.number(1, 1_000_000, "requests"))
                    .essential(
                            "Requests that one caller may send in a minute; further ones get "
                                    + "429. Replicas that share a `STATE_URL` count together.")
                    .add(
                            "FAILURE_LIMIT_PER_MINUTE",
                            "failures-per-minute",
                            "60",
                            Form.number(1, 1_000_000, "requests"))
                    .meaning(
                            "Requests from one address (one /64 in IPv6) that each replica "
                                    + "answers with 401 in a minute; further ones get 429. A valid token "
                                    + "is never rejected for this. The issuer applies the same limit to "
                                    + "its clients, and there a blocked address gets 429 even with valid "
                                    + "credentials.")
                    .add(
                            "TRUSTED_PROXIES",
                            "trusted-proxies",
                            Form.texts(
                                    "addresses or networks such as 10.0.0.0/8, whose host bits are 0"))
                    .essential(
                            "Addresses or networks of the proxies in front, comma-separated. "
                                    + "Their `X-Forwarded-For` is read from the right to find the "
                                    + "caller's address. Unset: the address of the connection is used.");

    Variable PROXIES = SECTION.variable("TRUSTED_PROXIES");

    int perMinute();

    int failuresPerMinute();

    Optional<List<String>> trustedProxies();

    /** Why a gateway cannot start with these values. */
    static List<Fault> faults(LimitsConfig config) {
        return config.trustedProxies().orElse(List.of()).stream()
                .filter(text -> Network.parse(text.strip()).isEmpty())
                .map(
                        text ->
                                PROXIES.fault(
                                        "contains '"
                                                + text.strip()
                                                + "', which is not an address or a network",
                                        "set it to " + PROXIES.form().wants()))
                .toList();
    }
}
