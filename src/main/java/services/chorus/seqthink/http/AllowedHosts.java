package services.chorus.seqthink.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.config.HostPort;

/**
 * The hosts that this service goes by. A page whose name was bound to this service's address (DNS
 * rebinding) still asks for that name, and is known by it.
 *
 * @param hosts what a request may name; an entry without a port stands for every port
 */
public record AllowedHosts(List<HostPort> hosts) {

    public AllowedHosts {
        hosts = List.copyOf(hosts);
    }

    /** What the host that a request names is to this service. */
    public enum Verdict {
        /** One of its own. */
        OWN,
        /** Another's. */
        FOREIGN,
        /** Missing, more than one, or no host at all (RFC 9112 section 3.2). */
        MALFORMED
    }

    /** Judges a request by each host that it names. */
    public Verdict judge(HttpServerRequest request) {
        List<String> named = named(request);
        if (named.size() != 1) {
            return Verdict.MALFORMED;
        }
        Verdict verdict = judge(named.getFirst());
        return verdict == Verdict.OWN
                ? target(request).map(this::judge).orElse(Verdict.OWN)
                : verdict;
    }

    private Verdict judge(String named) {
        return HostPort.parse(named)
                .map(
                        asked ->
                                hosts.stream().anyMatch(own -> own.covers(asked))
                                        ? Verdict.OWN
                                        : Verdict.FOREIGN)
                .orElse(Verdict.MALFORMED);
    }

    private static List<String> named(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2
                // :authority, which a Host header beside it does not contradict: Vert.x sees to it
                ? Stream.ofNullable(request.authority()).map(HostAndPort::toString).toList()
                : request.headers().getAll(HttpHeaders.HOST);
    }

    /** The host in a request target of absolute form, which some believe above the header's. */
    private static Optional<String> target(HttpServerRequest request) {
        String target = request.uri();
        int scheme = target.indexOf("://");
        return target.startsWith("/") || scheme < 0
                ? Optional.empty()
                : Optional.of(target.substring(scheme + 3).split("[/?#]", 2)[0]);
    }
}
