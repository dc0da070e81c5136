package services.chorus.seqthink.http;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.pipeline.AuthenticatedCaller;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.PolicyConfig;

/** The synthetic caller of every request while {@code INSECURE_DEV} leaves policy off. */
@ApplicationScoped
class DeveloperIdentity implements IdentityProvider<DeveloperIdentity.Request> {

    private final PolicyConfig policy;

    DeveloperIdentity(PolicyConfig policy) {
        this.policy = policy;
    }

    @Override
    public Class<Request> getRequestType() {
        return Request.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            Request request, AuthenticationRequestContext context) {
        AuthenticatedCaller developer =
                new AuthenticatedCaller(
                        new Caller("insecure-dev", Caller.Kind.SUBJECT, "developer"),
                        Set.of(policy.requiredScope()),
                        Optional.empty());
        return Uni.createFrom()
                .item(
                        QuarkusSecurityIdentity.builder()
                                .setPrincipal(new CallerPrincipal.Developer(developer))
                                .build());
    }

    static final class Request extends BaseAuthenticationRequest {}
}
