package services.chorus.seqthink.http;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Provider;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.protocol.RecipientsDocument;
import services.chorus.seqthink.sealing.AdvertisedRecipients;

/** The recipients to seal to, signed with the door key. */
@Path(RecipientsDocument.PATH)
@PermitAll
public final class RecipientsResource {

    private static final String A_MINUTE = "public, max-age=60";

    private final Provider<AdvertisedRecipients> recipients;

    RecipientsResource(Provider<AdvertisedRecipients> recipients) {
        this.recipients = recipients;
    }

    /** The signed document; a problem if the gateway has no keys. */
    @GET
    @Produces(RecipientsDocument.MEDIA_TYPE)
    @NonBlocking
    public Response document() throws Refused {
        String jws =
                recipients.get().document().orElseThrow(() -> Refused.outside(Problem.NOT_FOUND));
        return Response.ok(jws).header(HttpHeaders.CACHE_CONTROL, A_MINUTE).build();
    }
}
