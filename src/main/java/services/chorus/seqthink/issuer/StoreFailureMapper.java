package services.chorus.seqthink.issuer;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.jboss.logging.Logger;
import services.chorus.seqthink.issuer.store.StoreException;

/** Tells the operator what is wrong with a file of the issuer, and the client only to wait. */
@Provider
public class StoreFailureMapper implements ExceptionMapper<StoreException> {

    private static final Logger LOG = Logger.getLogger(StoreFailureMapper.class);

    @Override
    public Response toResponse(StoreException failure) {
        LOG.error(failure.getMessage());
        return TokenRefusedMapper.response(TokenRefused.forNow("The issuer cannot serve just now"));
    }
}
