package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.TokenError.INVALID_REQUEST;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import services.chorus.seqthink.http.BodyRefusedException;
import services.chorus.seqthink.http.RequestBody;
import services.chorus.seqthink.issuer.clients.Credentials;
import services.chorus.seqthink.issuer.clients.Verification.Verified;

/**
 * What the endpoints for clients have in common: each takes a form of one that proves to be one.
 */
@Singleton
final class ClientEndpoint {

    private static final Duration BODY_DEADLINE = Duration.ofSeconds(10);

    private final Issuer issuer;

    ClientEndpoint(Issuer issuer) {
        this.issuer = issuer;
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
        try (FormBody form = FormBody.parse(body);
                Credentials credentials =
                        ClientAuthentication.read(
                                request.headers().getAll(HttpHeaders.AUTHORIZATION),
                                form,
                                issuer.url() + path)) {
            Verified client = issuer.authority().verified(credentials);
            return Uni.createFrom().item(work.answer(form, client));
        } catch (TokenRefused refused) {
            return Uni.createFrom().failure(refused);
        }
    }
}
