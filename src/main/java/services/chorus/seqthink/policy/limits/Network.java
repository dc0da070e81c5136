package services.chorus.seqthink.policy.limits;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses that begin with the same bits (RFC 4632 section 3.1, RFC 4291 section 2.3). IPv4 that
 * is written as IPv6 ({@code ::ffff:192.0.2.1}) is IPv4.
 *
 * @param size bits of a whole address
 * @param bits how many are the same
 * @param prefix those bits
 */
record Network(int size, int bits, BigInteger prefix) {

    private static final int IPV6 = 128;
    private static final int IPV6_OF_ONE_HOLDER = 64;
    private static final int IPV6_OF_ONE_SUBSCRIBER = 56; // RIPE-690 section 4.2

    /**
     * Reads an address, or one with the number of its bits, such as {@code 10.0.0.0/8}.
     *
     * @return empty for anything else: also when further bits are set, or when all addresses of the
     *     internet would be in it
     */
    static Optional<Network> parse(String text) {
        String[] parts = text.split("/", -1);
        Optional<Network> host = address(parts[0]).map(Network::ofAddress);
        if (parts.length == 1) {
            return host;
        }
        return host.filter(only -> parts.length == 2 && parts[1].matches("[1-9]\\d{0,2}"))
                .filter(only -> Integer.parseInt(parts[1]) <= only.size)
                .flatMap(only -> only.widenedTo(Integer.parseInt(parts[1])));
    }

    /** Reads an address of digits; a name, which would be looked up, is none. */
    static Optional<InetAddress> address(String text) {
        if (text.contains("%") || text.contains("[")) {
            return Optional.empty(); // a zone means something on its own machine only
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            // IPv4 has other forms, which not everybody reads alike: 127.1, 010.0.0.1
            return text.contains(":") || address.getHostAddress().equals(text)
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What the holder of an address surely holds: in IPv6 all of its /64. */
    static Network ofHolder(InetAddress address) {
        return ofAddress(address).inIpv6CutTo(IPV6_OF_ONE_HOLDER);
    }

    /** What the holder of an address may well hold: in IPv6 all of its /56. */
    static Network ofSubscriber(InetAddress address) {
        return ofAddress(address).inIpv6CutTo(IPV6_OF_ONE_SUBSCRIBER);
    }

    boolean contains(InetAddress address) {
        Network only = ofAddress(address);
        return only.size == size && only.cutTo(bits).equals(this);
    }

    private static Network ofAddress(InetAddress address) {
        byte[] bytes = address.getAddress();
        int size = bytes.length * Byte.SIZE;
        return new Network(size, size, new BigInteger(1, bytes));
    }

    private Network inIpv6CutTo(int fewer) {
        return size == IPV6 ? cutTo(fewer) : this;
    }

    private Network cutTo(int fewer) {
        return new Network(size, fewer, prefix.shiftRight(bits - fewer));
    }

    private Optional<Network> widenedTo(int fewer) {
        Network wide = cutTo(fewer);
        boolean noFurtherBit = wide.prefix.shiftLeft(bits - fewer).equals(prefix);
        return noFurtherBit ? Optional.of(wide) : Optional.empty();
    }
}
