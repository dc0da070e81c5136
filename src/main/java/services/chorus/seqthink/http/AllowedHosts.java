package services.chorus.seqthink.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.config.HostPort;
import services.chorus.seqthink.pipeline.Problem;

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

    /** What is wrong with a host that a request names; empty where each is one of these. */
    public Optional<Problem> problem(HttpServerRequest request) {
        List<String> named = named(request);
        if (named.size() != 1) { // RFC 9112 section 3.2
            return Optional.of(Problem.BAD_REQUEST);
        }
        return problem(named.getFirst()).or(() -> target(request).flatMap(this::problem));
    }

    private Optional<Problem> problem(String named) {
        Optional<HostPort> asked = HostPort.parse(named);
        if (asked.isEmpty()) {
            return Optional.of(Problem.BAD_REQUEST);
        }
        return hosts.stream().anyMatch(own -> own.covers(asked.get()))
                ? Optional.empty()
                : Optional.of(Problem.WRONG_HOST);
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
