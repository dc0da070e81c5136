package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_CLIENT;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_REQUEST;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
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
 * What the endpoints for clients share: they receive a form, limit how often a client may ask, and
 * authenticate it. Both methods block their thread.
 */
@Singleton
final class ClientEndpoint {

    private static final Duration BODY_DEADLINE = Duration.ofSeconds(10);

    private final Issuer issuer;
    private final Provider<ClientLimits> limits;

    // without the issuer role nothing is limited
    ClientEndpoint(Issuer issuer, Provider<ClientLimits> limits) {
        this.issuer = issuer;
        this.limits = limits;
    }

    /** Receives the form, for the caller to close. */
    FormBody form(HttpServerRequest request) throws OAuthException {
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
     * Authenticates the client that sent the form. Counts the request, and a failure.
     *
     * @param path the endpoint's, under the issuer's URL
     */
    Verified authenticate(HttpServerRequest request, String path, FormBody form)
            throws OAuthException {
        InetAddress origin = origin(request);
        try (ClientCredentials credentials =
                ClientAuthentication.read(
                        request.headers().getAll(HttpHeaders.AUTHORIZATION),
                        form,
                        issuer.url() + path)) {
            admit(credentials, origin);
            return issuer.authority().verified(credentials);
        } catch (OAuthException refused) {
            throw refused.code() == INVALID_CLIENT ? counted(refused, origin) : refused;
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
                    "This client has asked too often from this address", standing.untilNext());
        }
        Duration wait = limits.get().untilMayFail(origin);
        // an assertion costs no hash, so a client with a key suffers from nobody at its address
        if (credentials instanceof ClientCredentials.Secret && wait.isPositive()) {
            throw tooManyFailures(wait);
        }
    }

    private OAuthException counted(OAuthException refused, InetAddress origin) {
        Standing standing = limits.get().fail(origin);
        return standing.admitted() ? refused : tooManyFailures(standing.untilNext());
    }

    private static OAuthException tooManyFailures(Duration wait) {
        return OAuthException.tooMany(
                "Too many requests from this address did not prove who sent them", wait);
    }
}
