package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.TokenError.INVALID_CLIENT;
import static services.chorus.seqthink.issuer.TokenError.INVALID_REQUEST;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.time.Duration;
import services.chorus.seqthink.issuer.clients.Credentials;
import services.chorus.seqthink.issuer.clients.Verification.Verified;
import services.chorus.seqthink.net.BodyRefusedException;
import services.chorus.seqthink.net.RequestBody;
import services.chorus.seqthink.policy.limits.ClientLimits;
import services.chorus.seqthink.policy.limits.Standing;

/**
 * What the endpoints for clients have in common: each takes a form, not too often, of one that
 * proves to be one.
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

    /** What is done with a client's form, which is wiped afterwards. */
    @FunctionalInterface
    interface Work {

        Response answer(FormBody form, Verified client) throws TokenRefused;
    }

    /**
     * Serves a request; fails with {@link TokenRefused}.
     *
     * @param path the endpoint's, under the issuer's URL
     */
    Uni<Response> serve(HttpServerRequest request, String path, Work work) {
        return RequestBody.of(request, FormBody.MOST_BYTES, BODY_DEADLINE, room -> true)
                .onFailure(BodyRefusedException.class)
                .transform(
                        refused ->
                                new TokenRefused(
                                        INVALID_REQUEST,
                                        "The body is too long, or did not arrive in time"))
                // hashing a secret is work for a worker, not for the event loop
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .chain(body -> served(request, path, body, work));
    }

    /** An answer that nobody keeps (RFC 6749 section 5.1). */
    static Response.ResponseBuilder unstored(int status) {
        return Response.status(status)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Pragma", "no-cache");
    }

    private Uni<Response> served(HttpServerRequest request, String path, byte[] body, Work work) {
        InetAddress origin = origin(request);
        try (FormBody form = FormBody.parse(body);
                Credentials credentials =
                        ClientAuthentication.read(
                                request.headers().getAll(HttpHeaders.AUTHORIZATION),
                                form,
                                issuer.url() + path)) {
            admit(credentials, origin);
            Verified client = issuer.authority().verified(credentials);
            return Uni.createFrom().item(work.answer(form, client));
        } catch (TokenRefused refused) {
            return Uni.createFrom()
                    .failure(
                            refused.error() == INVALID_CLIENT ? counted(refused, origin) : refused);
        }
    }

    private InetAddress origin(HttpServerRequest request) {
        InetAddress peer =
                InetAddress.ofLiteral(request.connection().remoteAddress().hostAddress());
        return limits.get().origin(peer, request.headers().getAll("X-Forwarded-For"));
    }

    /** Whether it is looked at who this is. */
    private void admit(Credentials credentials, InetAddress origin) throws TokenRefused {
        Standing standing = limits.get().ask(credentials.clientId(), origin);
        if (!standing.admitted()) {
            throw TokenRefused.tooMany(
                    "This client has asked too often from this address", standing.untilNext());
        }
        Duration wait = limits.get().untilMayFail(origin);
        // an assertion costs no hash, so a client with a key suffers from nobody at its address
        if (credentials instanceof Credentials.Secret && wait.isPositive()) {
            throw tooManyFailures(wait);
        }
    }

    private TokenRefused counted(TokenRefused refused, InetAddress origin) {
        Standing standing = limits.get().fail(origin);
        return standing.admitted() ? refused : tooManyFailures(standing.untilNext());
    }

    private static TokenRefused tooManyFailures(Duration wait) {
        return TokenRefused.tooMany(
                "Too many requests from this address did not prove who sent them", wait);
    }
}
