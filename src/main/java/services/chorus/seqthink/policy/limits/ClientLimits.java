package services.chorus.seqthink.policy.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import services.chorus.seqthink.hash.Sha256;

/**
 * Lets whoever says to be a client ask so often in a minute from one address, and counts who did
 * not say so truly by the address alone. What comes from elsewhere never counts against a client,
 * whatever it says to be. Each replica counts by itself. Safe for use by several threads.
 */
public final class ClientLimits {

    private final TrustedProxies proxies;
    private final OwnBuckets<Claim> requests;
    private final OwnBuckets<Network> failures;

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
        this.requests = new OwnBuckets<>(new Rate(perMinute), meter);
        this.failures = new OwnBuckets<>(new Rate(failuresPerMinute), meter);
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
        return failures.take(Network.ofHolder(origin));
    }

    /** How long until this address may fail once more; zero when it may now. Counts nothing. */
    public Duration untilMayFail(InetAddress origin) {
        return failures.untilNext(Network.ofHolder(origin));
    }
}
