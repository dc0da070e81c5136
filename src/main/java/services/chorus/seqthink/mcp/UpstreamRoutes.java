package services.chorus.seqthink.mcp;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * An upstream's routes, as the REST client sees them. Headers that are null are not sent, and the
 * {@link HttpExchange} is given the reply while it arrives.
 */
@Path("")
interface UpstreamRoutes {

    /** Which session a message belongs to; given by the server with its first answer. */
    String SESSION = "Mcp-Session-Id";

    /** The revision that was agreed on, on every message after {@code initialize}. */
    String PROTOCOL_VERSION = "MCP-Protocol-Version";

    @POST
    @Path("mcp")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
    Uni<Response> message(
            @HeaderParam(SESSION) String session,
            @HeaderParam(PROTOCOL_VERSION) String version,
            HttpExchange exchange);

    @DELETE
    @Path("mcp")
    Uni<Response> end(
            @HeaderParam(SESSION) String session,
            @HeaderParam(PROTOCOL_VERSION) String version,
            HttpExchange exchange);

    @POST
    @Path("mcp/tool")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    Uni<Response> tool(HttpExchange exchange);

    @GET
    @Path("health")
    Uni<Response> health(HttpExchange exchange);
}
