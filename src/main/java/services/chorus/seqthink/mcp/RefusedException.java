package services.chorus.seqthink.mcp;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.ext.ResponseExceptionMapper;

/** The upstream answered with a status that is no success. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(int status) {
        super("The MCP server answered with status " + status);
        this.status = status;
    }

    int status() {
        return status;
    }

    /** Takes every status but 2xx for a refusal: redirections are not followed. */
    static final class Mapper implements ResponseExceptionMapper<RefusedException> {

        // What the client shows when the connection failed; that failure speaks for itself.
        private static final int NO_REPLY = 0;

        @Override
        public boolean handles(int status, MultivaluedMap<String, Object> headers) {
            return status != NO_REPLY && status / 100 != 2;
        }

        @Override
        public RefusedException toThrowable(Response response) {
            return new RefusedException(response.getStatus());
        }
    }
}
