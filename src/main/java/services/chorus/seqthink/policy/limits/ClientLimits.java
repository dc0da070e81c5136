package services.chorus.seqthink.policy.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import services.chorus.seqthink.hash.Sha256;

/**
 * Limits the requests to the issuer in a minute: by client id and address together, and failed
 * authentication by address alone. Failures also count for the address's /56 of IPv6, whose holder
 * has 256 networks of /64. Requests from other addresses never count against a client, whatever id
 * they send. Each replica counts by itself. Safe for use by several threads.
 */
public final class ClientLimits {

    /** A /56 may have the failures of this many addresses, since several holders may share it. */
    private static final int ADDRESSES_OF_A_SUBSCRIBER = 4;

    private final TrustedProxies proxies;
    private final LocalBuckets<Claim> requests;
    private final LocalBuckets<Network> failures;
    private final LocalBuckets<Network> failuresOfSubscribers;

    /**
     * @param trustedProxies addresses and networks, see {@link LimitsConfig#trustedProxies}
     * @throws IllegalArgumentException when one of them is not a network
     */
    public ClientLimits(int perMinute, int failuresPerMinute, List<String> trustedProxies) {
        this(perMinute, failuresPerMinute, trustedProxies, TimeMeter.SYSTEM_NANOTIME);
    }

    ClientLimits(
            int perMinute, int failuresPerMinute, List<String> trustedProxies, TimeMeter meter) {
        this.proxies = new TrustedProxies(trustedProxies);
        this.requests = new LocalBuckets<>(perMinute, meter);
        this.failures = new LocalBuckets<>(failuresPerMinute, meter);
        this.failuresOfSubscribers =
                new LocalBuckets<>(
                        Math.multiplyExact(failuresPerMinute, ADDRESSES_OF_A_SUBSCRIBER), meter);
    }

    /** Holds the id's hash because clients may send an id of any length. */
    private record Claim(String idHash, Network network) {}

    /**
     * The address that a request comes from.
     *
     * @param peer the address that opened the connection
     * @param forwardedFor every {@code X-Forwarded-For} of the request, in order
     */
    public InetAddress origin(InetAddress peer, List<String> forwardedFor) {
        return proxies.origin(peer, forwardedFor);
    }

    /**
     * Counts a request of a client id from an address.
     *
     * @param clientId not yet authenticated
     */
    public Standing ask(String clientId, InetAddress origin) {
        String hash = Sha256.base64url(clientId.getBytes(UTF_8));
        return requests.take(new Claim(hash, Network.ofHolder(origin)));
    }

    /** Counts a failed authentication. */
    public Standing fail(InetAddress origin) {
        Standing own = failures.take(Network.ofHolder(origin));
        if (!own.admitted()) {
            return own; // one address must not use up the limit of its /56
        }
        Standing all = failuresOfSubscribers.take(Network.ofSubscriber(origin));
        return all.admitted() ? own : all;
    }

    /** The time until this address may fail again; zero when it may now. Counts nothing. */
    public Duration untilMayFail(InetAddress origin) {
        Duration own = failures.untilNext(Network.ofHolder(origin));
        Duration all = failuresOfSubscribers.untilNext(Network.ofSubscriber(origin));
        return own.compareTo(all) > 0 ? own : all;
    }
}
