package services.chorus.seqthink.http;

import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import services.chorus.seqthink.pipeline.CallPipeline;
import services.chorus.seqthink.pipeline.Exchange;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.pipeline.SealReply.SealedReply;

/**
 * {@code POST /mcp/tool}: one sealed tool call, one sealed reply. Consumes any media type, so that
 * the token is verified before the type (401 before 415).
 */
@Path(Route.Paths.TOOL)
public final class ToolResource {

    private final CallPipeline pipeline;

    ToolResource(CallPipeline pipeline) {
        this.pipeline = pipeline;
    }

    @POST
    @PermissionsAllowed(RouteScope.PERMISSION)
    @RunOnVirtualThread
    public Response call(@Context HttpHeaders headers, RoutingContext routing)
            throws Refused, InterruptedException {
        Exchange exchange = Exchanges.of(routing);
        exchange.unread(new VertxContent(routing.request()), Accepted.wantsArmor(headers));
        try (CallerWatch _ = CallerWatch.of(routing)) {
            return response(pipeline.answer(exchange));
        }
    }

    static Response response(SealedReply reply) {
        ResponseBuilder answer =
                Response.status(reply.status()).type(reply.mediaType()).entity(reply.body());
        ProblemBody.headers(reply.status()).forEach(answer::header);
        return answer.build();
    }
}
