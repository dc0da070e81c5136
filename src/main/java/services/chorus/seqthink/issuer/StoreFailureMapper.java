package services.chorus.seqthink.issuer;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import services.chorus.seqthink.issuer.store.StoreException;

/**
 * Tells the operator what is wrong with a file of the issuer, and the client only to wait. However
 * many clients ask, one thing that is wrong is logged once, and again if it is after an hour.
 */
@Provider
public class StoreFailureMapper implements ExceptionMapper<StoreException> {

    private static final Logger LOG = Logger.getLogger(StoreFailureMapper.class);
    private static final Duration UNTIL_SAID_AGAIN = Duration.ofHours(1);

    private final InstantSource clock;
    private String said = "";
    private Instant saidAt = Instant.MIN;

    public StoreFailureMapper() {
        this(InstantSource.system());
    }

    StoreFailureMapper(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Response toResponse(StoreException failure) {
        log(failure.getMessage());
        return TokenRefusedMapper.response(TokenRefused.forNow("The issuer cannot serve just now"));
    }

    private synchronized void log(String message) {
        Instant now = clock.instant();
        if (!message.equals(said) || !now.isBefore(saidAt.plus(UNTIL_SAID_AGAIN))) {
            LOG.error(message);
            said = message;
            saidAt = now;
        }
    }
}
