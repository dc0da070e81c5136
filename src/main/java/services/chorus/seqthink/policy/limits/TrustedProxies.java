package services.chorus.seqthink.policy.limits;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The proxies whose {@code X-Forwarded-For} is trusted. Each proxy appends the address of its peer
 * at the right; anything left of the first trusted proxy's entry may be forged.
 */
final class TrustedProxies {

    // some proxies append the port
    private static final Pattern HOP =
            Pattern.compile("\\[(?<six>[^\\]]*)\\](:\\d+)?|(?<four>[\\d.]+)(:\\d+)?|(?<bare>.*)");

    private final List<Network> networks;

    /**
     * @throws IllegalArgumentException when one of them is not a network
     */
    TrustedProxies(List<String> networks) {
        this.networks = networks.stream().map(String::strip).map(TrustedProxies::network).toList();
    }

    /**
     * The address that a request comes from: the last one on its path that is not trusted.
     *
     * @param peer the address that opened the connection
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
                return origin; // not an address, such as "unknown"
            }
            origin = before.get();
        }
        return origin;
    }

    boolean trusts(InetAddress address) {
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
                .orElseThrow(() -> new IllegalArgumentException("Not a network: " + text));
    }
}
