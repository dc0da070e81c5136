package services.chorus.seqthink.policy.limits;

import java.util.List;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;

/** The variables of limits. */
public final class LimitsVariables {

    private static final long MOST = 1_000_000;

    private static final Variable PER_MINUTE =
            Variable.of(
                    "RATE_LIMIT_PER_MINUTE",
                    "seqthink.limits.per-minute",
                    "200",
                    Form.number(1, MOST),
                    "Requests that a caller may make in a minute, by all replicas together where"
                            + " `STATE_URL` is set; more are answered 429.");
    private static final Variable FAILURES =
            Variable.of(
                    "FAILURE_LIMIT_PER_MINUTE",
                    "seqthink.limits.failures-per-minute",
                    "60",
                    Form.number(1, MOST),
                    "Requests of one address (of one /64 in IPv6) that each replica answers 401 in"
                            + " a minute; more are answered 429. A good token is never refused for"
                            + " it. An issuer answers 401 as often, and more of that address 429,"
                            + " good client secrets too.");
    private static final Variable PROXIES =
            Variable.of(
                    "TRUSTED_PROXIES",
                    "seqthink.limits.trusted-proxies",
                    Form.texts("addresses or networks such as 10.0.0.0/8 (comma-separated)"),
                    "Addresses and networks of the proxies in front, comma-separated: their"
                            + " `X-Forwarded-For` is believed, read from the right. Unset: every"
                            + " request comes from whoever opened its connection.");

    private LimitsVariables() {}

    /** Every variable of limits, in the order of the README's table. */
    public static List<Variable> all() {
        return List.of(PER_MINUTE, FAILURES, PROXIES);
    }

    /** What keeps a door from starting. */
    public static List<Fault> faults(LimitsConfig config) {
        return config.trustedProxies().orElse(List.of()).stream()
                .filter(text -> Network.parse(text.strip()).isEmpty())
                .map(
                        text ->
                                new Fault(
                                        PROXIES.name(),
                                        "has '" + text.strip() + "', which is no network",
                                        "set it to " + PROXIES.form().wants()))
                .toList();
    }
}
