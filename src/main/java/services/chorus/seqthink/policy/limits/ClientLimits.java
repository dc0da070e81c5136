package services.chorus.seqthink.policy.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import services.chorus.seqthink.hash.Sha256;

/**
 * Lets whoever says to be a client ask so often in a minute from one address, and counts who did
 * not say so truly by the address alone, and by its /56 of IPv6 so that nobody has 256 addresses
 * for the price of one. What comes from elsewhere never counts against a client, whatever it says
 * to be. Each replica counts by itself. Safe for use by several threads.
 */
public final class ClientLimits {

    /** So many addresses' failures may a /56 have: it may also be several holders'. */
    private static final int ADDRESSES_OF_A_SUBSCRIBER = 4;

    private final TrustedProxies proxies;
    private final LocalBuckets<Claim> requests;
    private final LocalBuckets<Network> failures;
    private final LocalBuckets<Network> failuresOfSubscribers;

    /**
     * @param trustedProxies addresses and networks, see {@link LimitsConfig#trustedProxies}
     * @throws IllegalArgumentException when one of them is no network
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

    /**
     * Of a fixed size, as anybody can say anything; the address as {@link FailureLimits} has it.
     */
    private record Claim(String idHash, Network network) {}

    /**
     * Whom a request comes from.
     *
     * @param peer who opened the connection
     * @param forwardedFor every {@code X-Forwarded-For} of the request, in order
     */
    public InetAddress origin(InetAddress peer, List<String> forwardedFor) {
        return proxies.origin(peer, forwardedFor);
    }

    /**
     * Counts a request, and says where its address stands as that client.
     *
     * @param clientId who it says to be, which may be anything
     */
    public Standing ask(String clientId, InetAddress origin) {
        String hash = Sha256.base64url(clientId.getBytes(UTF_8));
        return requests.take(new Claim(hash, Network.ofHolder(origin)));
    }

    /** Counts that a request did not say truly who it is, and says where its address stands. */
    public Standing fail(InetAddress origin) {
        Standing own = failures.take(Network.ofHolder(origin));
        if (!own.admitted()) {
            return own; // one address uses up no more than its own part
        }
        Standing all = failuresOfSubscribers.take(Network.ofSubscriber(origin));
        return all.admitted() ? own : all;
    }

    /** How long until this address may fail once more; zero when it may now. Counts nothing. */
    public Duration untilMayFail(InetAddress origin) {
        Duration own = failures.untilNext(Network.ofHolder(origin));
        Duration all = failuresOfSubscribers.untilNext(Network.ofSubscriber(origin));
        return own.compareTo(all) > 0 ? own : all;
    }
}
