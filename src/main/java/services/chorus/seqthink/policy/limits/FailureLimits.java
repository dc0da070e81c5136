package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.util.List;

/**
 * Counts the requests of an address that did not say truly who calls, so many in a minute. It is
 * told of failures only and keeps nobody from being looked at, and each replica counts by itself:
 * what anybody can cause must not reach what is shared. Safe for use by several threads.
 */
public final class FailureLimits {

    private final TrustedProxies proxies;
    private final LocalBuckets<Network> buckets;

    /**
     * @param trustedProxies addresses and networks, see {@link LimitsConfig#trustedProxies}
     * @throws IllegalArgumentException when one of them is no network
     */
    public FailureLimits(int perMinute, List<String> trustedProxies) {
        this(perMinute, trustedProxies, TimeMeter.SYSTEM_NANOTIME);
    }

    FailureLimits(int perMinute, List<String> trustedProxies, TimeMeter meter) {
        this.proxies = new TrustedProxies(trustedProxies);
        this.buckets = new LocalBuckets<>(perMinute, meter);
    }

    /**
     * Counts a failure, and says where its address stands. The holder of a /64 of IPv6 is one
     * address.
     *
     * @param peer who opened the connection
     * @param forwardedFor every {@code X-Forwarded-For} of the request, in order
     */
    public Standing fail(InetAddress peer, List<String> forwardedFor) {
        return buckets.take(Network.ofHolder(proxies.origin(peer, forwardedFor)));
    }
}
