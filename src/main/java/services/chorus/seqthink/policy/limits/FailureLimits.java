package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.util.List;

/**
 * Limits the requests without a valid token from each address in a minute. Each replica counts by
 * itself: anybody can cause failures, so they must not reach the shared store. A failure never
 * affects requests with a valid token. Safe for use by several threads.
 */
public final class FailureLimits {

    private final TrustedProxies proxies;
    private final LocalBuckets<Network> buckets;

    /**
     * @param trustedProxies addresses and networks, see {@link LimitsConfig#trustedProxies}
     * @throws IllegalArgumentException when one of them is not a network
     */
    public FailureLimits(int perMinute, List<String> trustedProxies) {
        this(perMinute, trustedProxies, TimeMeter.SYSTEM_NANOTIME);
    }

    FailureLimits(int perMinute, List<String> trustedProxies, TimeMeter meter) {
        this.proxies = new TrustedProxies(trustedProxies);
        this.buckets = new LocalBuckets<>(perMinute, meter);
    }

    /** The address that a request comes from; the parameters are those of {@link #fail}. */
    public InetAddress origin(InetAddress peer, List<String> forwardedFor) {
        return proxies.origin(peer, forwardedFor);
    }

    /**
     * Counts a failure. A /64 of IPv6 counts as one address.
     *
     * @param peer the address that opened the connection
     * @param forwardedFor every {@code X-Forwarded-For} of the request, in order
     */
    public Standing fail(InetAddress peer, List<String> forwardedFor) {
        return buckets.take(Network.ofHolder(origin(peer, forwardedFor)));
    }
}
