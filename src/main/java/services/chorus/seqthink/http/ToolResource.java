package services.chorus.seqthink.http;

import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/**
 * {@code POST /mcp/tool}: one sealed tool call, one sealed reply. Takes any media type so that the
 * token is judged before the type is (401 before 415).
 */
@Path(ToolCalls.ROUTE)
public final class ToolResource {

    private final SealedBodies bodies;
    private final ProvenContent proven;
    private final ToolCalls calls;
    private final SecurityIdentity identity;

    ToolResource(
            SealedBodies bodies, ProvenContent proven, ToolCalls calls, SecurityIdentity identity) {
        this.bodies = bodies;
        this.proven = proven;
        this.calls = calls;
        this.identity = identity;
    }

    @POST
    @PermissionsAllowed(RouteScope.PERMISSION)
    public Uni<Response> call(
            @Context HttpHeaders headers,
            @Context HttpServerRequest request,
            RoutingContext routing) {
        Presented token = Presented.by(identity);
        boolean armored = ArmorPreference.of(headers);
        RequestRecord record = RequestRecord.of(routing).orElseThrow();
        return bodies.receive(
                request,
                received ->
                        proven.require(
                                token,
                                received,
                                () -> calls.answer(received, token, armored, record)));
    }
}
