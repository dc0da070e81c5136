package services.chorus.seqthink.policy.limits;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A network of addresses with a common prefix (RFC 4632 section 3.1, RFC 4291 section 2.3). IPv4
 * addresses mapped to IPv6 ({@code ::ffff:192.0.2.1}) count as IPv4.
 *
 * @param size bits of an address
 * @param bits length of the prefix
 */
public record Network(int size, int bits, BigInteger prefix) {

    private static final int IPV6 = 128;
    private static final int HOLDER_BITS = 64;
    private static final int SUBSCRIBER_BITS = 56; // RIPE-690 section 4.2

    /**
     * Parses an address or a network such as {@code 10.0.0.0/8}.
     *
     * @return empty for anything else, also when bits beyond the prefix are set, or for a prefix of
     *     0 bits
     */
    static Optional<Network> parse(String text) {
        String[] parts = text.split("/", -1);
        Optional<Network> host = address(parts[0]).map(Network::ofAddress);
        if (parts.length == 1) {
            return host;
        }
        return host.filter(only -> parts.length == 2 && parts[1].matches("[1-9]\\d{0,2}"))
                .filter(only -> Integer.parseInt(parts[1]) <= only.size)
                .flatMap(only -> only.networkOf(Integer.parseInt(parts[1])));
    }

    /** Parses a literal address; never resolves a name. */
    static Optional<InetAddress> address(String text) {
        if (text.contains("%") || text.contains("[")) {
            return Optional.empty(); // a zone is meaningful on its own machine only
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            // programs disagree about other forms of IPv4, such as 127.1 and 010.0.0.1
            return text.contains(":") || address.getHostAddress().equals(text)
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The network that one host certainly controls: in IPv6 the /64. */
    public static Network ofHolder(InetAddress address) {
        return ofAddress(address).shortenedInIpv6(HOLDER_BITS);
    }

    /** The network that a provider typically assigns to one customer: in IPv6 the /56. */
    public static Network ofSubscriber(InetAddress address) {
        return ofAddress(address).shortenedInIpv6(SUBSCRIBER_BITS);
    }

    boolean contains(InetAddress address) {
        Network only = ofAddress(address);
        return only.size == size && only.shortened(bits).equals(this);
    }

    private static Network ofAddress(InetAddress address) {
        byte[] bytes = address.getAddress();
        int size = bytes.length * Byte.SIZE;
        return new Network(size, size, new BigInteger(1, bytes));
    }

    private Network shortenedInIpv6(int fewer) {
        return size == IPV6 ? shortened(fewer) : this;
    }

    private Network shortened(int fewer) {
        return new Network(size, fewer, prefix.shiftRight(bits - fewer));
    }

    private Optional<Network> networkOf(int fewer) {
        Network wide = shortened(fewer);
        boolean noFurtherBit = wide.prefix.shiftLeft(bits - fewer).equals(prefix);
        return noFurtherBit ? Optional.of(wide) : Optional.empty();
    }
}
