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
 * The hosts that this gateway serves. A page that reaches the gateway by DNS rebinding sends the
 * name of its own host, and is rejected.
 *
 * @param hosts an entry without a port allows every port
 */
public record AllowedHosts(List<HostPort> hosts) {

    public AllowedHosts {
        hosts = List.copyOf(hosts);
    }

    /** The problem of a request for another host or for a malformed one; empty if it has none. */
    public Optional<Problem> problem(HttpServerRequest request) {
        List<String> named = named(request);
        if (named.isEmpty() && request.version() == HttpVersion.HTTP_1_0) {
            return Optional.of(Problem.WRONG_HOST); // it need not name one
        }
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
                // :authority; Vert.x rejects a Host header that differs
                ? Stream.ofNullable(request.authority()).map(HostAndPort::toString).toList()
                : request.headers().getAll(HttpHeaders.HOST);
    }

    /** The host of a request target in absolute form, which some servers prefer to Host. */
    private static Optional<String> target(HttpServerRequest request) {
        String target = request.uri();
        int scheme = target.indexOf("://");
        return target.startsWith("/") || scheme < 0
                ? Optional.empty()
                : Optional.of(target.substring(scheme + 3).split("[/?#]", 2)[0]);
    }
}
