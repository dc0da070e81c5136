package services.chorus.seqthink.policy.limits;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The proxies in front that are believed about whom they act for. Each adds whom it was called by
 * at the right of {@code X-Forwarded-For}; whatever stands left of what the first of them added was
 * made up by anybody.
 */
final class TrustedProxies {

    // some proxies add the port
    private static final Pattern HOP =
            Pattern.compile("\\[(?<six>[^\\]]*)\\](:\\d+)?|(?<four>[\\d.]+)(:\\d+)?|(?<bare>.*)");

    private final List<Network> networks;

    /**
     * @throws IllegalArgumentException when one of them is no network
     */
    TrustedProxies(List<String> networks) {
        this.networks = networks.stream().map(String::strip).map(TrustedProxies::network).toList();
    }

    /**
     * Whom a request comes from: the last one on its way that is not trusted.
     *
     * @param peer who opened the connection
     * @param forwardedFor every {@code X-Forwarded-For} of the request, in order
     */
    InetAddress origin(InetAddress peer, List<String> forwardedFor) {
        InetAddress origin = peer;
        for (String hop : hopsFromTheRight(forwardedFor)) {
            if (!trusts(origin)) {
                return origin;
            }
            Optional<InetAddress> before = address(hop);
            if (before.isEmpty()) {
                return origin; // the proxy did not know either
            }
            origin = before.get();
        }
        return origin;
    }

    private boolean trusts(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<String> hopsFromTheRight(List<String> values) {
        return values.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip)
                .toList()
                .reversed();
    }

    private static Optional<InetAddress> address(String hop) {
        Matcher forms = HOP.matcher(hop);
        return forms.matches()
                ? Stream.of("six", "four", "bare")
                        .map(forms::group)
                        .filter(text -> text != null)
                        .findFirst()
                        .flatMap(Network::address)
                : Optional.empty();
    }

    private static Network network(String text) {
        return Network.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("No network: " + text));
    }
}
