package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_CLIENT;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_REQUEST;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.InetAddress;
import java.time.Duration;
import services.chorus.seqthink.issuer.clients.ClientCredentials;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;
import services.chorus.seqthink.net.RequestBody;
import services.chorus.seqthink.net.RequestBody.BodyRefusedException;
import services.chorus.seqthink.policy.limits.ClientLimits;
import services.chorus.seqthink.policy.limits.Standing;

/**
 * The common part of the endpoints for clients: receives a form, applies rate limits, and
 * authenticates the client. Both methods block their thread.
 */
@Singleton
final class ClientEndpoint {

    private static final Duration BODY_DEADLINE = Duration.ofSeconds(10);

    private final Issuer issuer;
    private final Provider<ClientLimits> limits;

    // a provider, because the limits exist in the issuer role only
    ClientEndpoint(Issuer issuer, Provider<ClientLimits> limits) {
        this.issuer = issuer;
        this.limits = limits;
    }

    /**
     * Receives the form; close it after use.
     *
     * @throws NotSupportedException when the request does not say that it has one: the framework
     *     rejects other media types, but not a missing one
     */
    FormBody form(HttpServerRequest request) throws OAuthException {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || type.isBlank()) {
            throw new NotSupportedException();
        }
        try {
            return FormBody.parse(
                    RequestBody.read(request, FormBody.MOST_BYTES, BODY_DEADLINE, room -> true));
        } catch (BodyRefusedException e) {
            throw new OAuthException(
                    INVALID_REQUEST, "The body is too long, or did not arrive in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OAuthException.forNow("The service is stopping");
        }
    }

    /**
     * Authenticates the client that sent the form. Counts the request and a failure.
     *
     * @param path of the endpoint, below the issuer's URL
     */
    Verified authenticate(HttpServerRequest request, String path, FormBody form)
            throws OAuthException {
        InetAddress origin = origin(request);
        try (ClientCredentials credentials =
                ClientAuthentication.read(
                        request.headers().getAll(HttpHeaders.AUTHORIZATION),
                        form,
                        issuer.authority().url() + path)) {
            admit(credentials, origin);
            return issuer.authority().verified(credentials, origin);
        } catch (OAuthException refused) {
            if (refused.code() == INVALID_CLIENT) {
                Standing standing = limits.get().fail(origin);
                if (!standing.admitted()) {
                    throw tooManyFailures(standing.untilNext());
                }
            }
            throw refused;
        }
    }

    private InetAddress origin(HttpServerRequest request) {
        InetAddress peer =
                InetAddress.ofLiteral(request.connection().remoteAddress().hostAddress());
        return limits.get().origin(peer, request.headers().getAll("X-Forwarded-For"));
    }

    /** Rejects a request that is over a limit, before its credentials are checked. */
    private void admit(ClientCredentials credentials, InetAddress origin) throws OAuthException {
        Standing standing = limits.get().ask(credentials.clientId(), origin);
        if (!standing.admitted()) {
            throw OAuthException.tooMany(
                    "This client has sent too many requests from this address",
                    standing.untilNext());
        }
        Duration wait = limits.get().untilMayFail(origin);
        // an assertion costs no hash, so failures of others at its address do not block it
        if (credentials instanceof ClientCredentials.Secret && wait.isPositive()) {
            throw tooManyFailures(wait);
        }
    }

    private static OAuthException tooManyFailures(Duration wait) {
        return OAuthException.tooMany("Too many requests from this address failed", wait);
    }
}
