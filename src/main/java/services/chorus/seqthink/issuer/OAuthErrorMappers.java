package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import services.chorus.seqthink.issuer.OAuthException.Code;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.json.StrictJson;

/** Turns a failed request into an error response (RFC 6749 section 5.2). */
@Singleton
final class OAuthErrorMappers {

    private static final Logger LOG = Logger.getLogger(OAuthErrorMappers.class);
    private static final Duration UNTIL_LOGGED_AGAIN = Duration.ofHours(1);

    private final InstantSource clock;
    private String logged = "";
    private Instant loggedAt = Instant.MIN;

    OAuthErrorMappers(InstantSource clock) {
        this.clock = clock;
    }

    @ServerExceptionMapper
    Response refused(OAuthException refused) {
        ObjectNode entity = StrictJson.object();
        entity.put("error", refused.code().denial().code());
        entity.put("error_description", refused.getMessage());
        Response.ResponseBuilder response =
                OAuthResource.unstored(refused.code().status())
                        .type(MediaType.APPLICATION_JSON_TYPE)
                        .entity(entity);
        if (refused.code() == Code.INVALID_CLIENT) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"token endpoint\"");
        }
        refused.retryAfter()
                .ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, wait.toSeconds()));
        return response.build();
    }

    /**
     * Logs what is wrong with a file of the issuer, the same problem once an hour at most; the
     * client is only told to wait.
     */
    @ServerExceptionMapper
    Response unusableFile(StoreException failure) {
        log(failure.getMessage());
        return refused(OAuthException.forNow("The issuer is not available now: try again shortly"));
    }

    private synchronized void log(String message) {
        Instant now = clock.instant();
        if (!message.equals(logged) || !now.isBefore(loggedAt.plus(UNTIL_LOGGED_AGAIN))) {
            LOG.error(message);
            logged = message;
            loggedAt = now;
        }
    }
}
