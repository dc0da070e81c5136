package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.util.List;
import services.chorus.seqthink.policy.Caller;

/**
 * Limits the audit records in a minute about requests that no other limit bounds: those of
 * strangers, and those over their caller's rate. Anybody can send such requests, so that without a
 * limit anybody could fill the disk under the audit log. Safe for use by several threads.
 */
public final class RecordLimits {

    /** Strangers at all addresses together get the records of this many addresses. */
    private static final int ADDRESSES = 10;

    private static final String ALL = "all";

    private final TrustedProxies proxies;
    private final LocalBuckets<Network> byAddress;
    private final LocalBuckets<String> ofStrangers;
    private final LocalBuckets<Caller> byCaller;

    /**
     * @param perMinute records about one address, or one caller
     * @param trustedProxies addresses and networks, see {@link LimitsConfig#trustedProxies}
     * @throws IllegalArgumentException when one of them is not a network
     */
    public RecordLimits(int perMinute, List<String> trustedProxies) {
        this(perMinute, trustedProxies, TimeMeter.SYSTEM_NANOTIME);
    }

    RecordLimits(int perMinute, List<String> trustedProxies, TimeMeter meter) {
        this.proxies = new TrustedProxies(trustedProxies);
        this.byAddress = new LocalBuckets<>(perMinute, meter);
        this.ofStrangers = new LocalBuckets<>(Math.multiplyExact(perMinute, ADDRESSES), meter);
        this.byCaller = new LocalBuckets<>(perMinute, meter);
    }

    /**
     * Whether a request without a verified token gets a record of its own.
     *
     * @param peer the address that opened the connection
     * @param forwardedFor every {@code X-Forwarded-For} of the request, in order
     */
    public boolean admitStranger(InetAddress peer, List<String> forwardedFor) {
        Network origin = Network.ofHolder(proxies.origin(peer, forwardedFor));
        return byAddress.take(origin).admitted() && ofStrangers.take(ALL).admitted();
    }

    /** Whether a request over its caller's rate gets a record of its own. */
    public boolean admitOverRate(Caller caller) {
        return byCaller.take(caller).admitted();
    }
}
