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
 * The routes of an upstream, for the REST client. Null headers are not sent; the {@link
 * HttpExchange} receives the reply while it arrives.
 */
@Path("")
interface UpstreamRoutes {

    /** The session of a message, from the first answer of the server. */
    String SESSION = "Mcp-Session-Id";

    /** The agreed revision, in every message after {@code initialize}. */
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
