package services.chorus.seqthink.policy.limits;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Which connections count against the same limit: those from one network that a provider typically
 * assigns to one customer. Safe for use by several threads.
 */
public final class PeerNetworks {

    private final TrustedProxies proxies;

    /**
     * @param trustedProxies addresses and networks, see {@link LimitsConfig#trustedProxies}
     * @throws IllegalArgumentException when one of them is not a network
     */
    public PeerNetworks(List<String> trustedProxies) {
        this.proxies = new TrustedProxies(trustedProxies);
    }

    /** The network of an address; empty for a trusted proxy, which connects for many clients. */
    public Optional<Network> of(InetAddress peer) {
        return proxies.trusts(peer) ? Optional.empty() : Optional.of(Network.ofSubscriber(peer));
    }
}
