package services.chorus.seqthink.http;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;

/** The plain-text probes; {@code /q/health} reports the same as JSON. */
@Path("/")
@PermitAll
@Produces(MediaType.TEXT_PLAIN)
public final class ProbeResource {

    private final SmallRyeHealthReporter health;

    ProbeResource(SmallRyeHealthReporter health) {
        this.health = health;
    }

    @GET
    @Path(Route.Paths.HEALTH)
    @NonBlocking
    public String health() {
        return "OK";
    }

    @GET
    @Path(Route.Paths.READY)
    public Uni<Response> ready() {
        return health.getReadinessAsync()
                .map(
                        report ->
                                report.isDown()
                                        ? Response.status(503).entity("MCP server not ready")
                                        : Response.ok("READY"))
                .map(ResponseBuilder::build);
    }
}
