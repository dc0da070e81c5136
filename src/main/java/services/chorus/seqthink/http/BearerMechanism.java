package services.chorus.seqthink.http;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.smallrye.jwt.runtime.auth.JsonWebTokenCredential;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Provider;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import services.chorus.seqthink.pipeline.AuthenticatedCaller;
import services.chorus.seqthink.pipeline.ProveKey;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.policy.BearerToken;
import services.chorus.seqthink.policy.Challenge;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Scheme;
import services.chorus.seqthink.policy.TokenOrigin;
import services.chorus.seqthink.policy.limits.FailureLimits;
import services.chorus.seqthink.policy.opaque.OpaqueConfig;

/**
 * The stages before routing: authenticates the sender by a token, in the Authorization header only
 * (RFC 6750 section 2.1), verifies the DPoP proof of a bound token, and counts the request against
 * the caller's rate. If {@code INSECURE_DEV} turns policy off, every request has one synthetic
 * caller, so that no stage needs to check whether policy is on.
 */
@ApplicationScoped
class BearerMechanism implements HttpAuthenticationMechanism {

    private static final String DPOP = "DPoP";

    private final Challenge challenge;
    private final ProveKey proveKey;
    private final CallerRate rate;
    private final Provider<FailureLimits> limits;
    private final boolean policyOff;
    private final ExecutorService verifiers = Executors.newVirtualThreadPerTaskExecutor();

    BearerMechanism(
            Challenge challenge,
            ProveKey proveKey,
            CallerRate rate,
            Provider<FailureLimits> limits,
            PolicyConfig policy,
            OpaqueConfig opaque,
            GatewayConfig gateway) {
        this.challenge = challenge;
        this.proveKey = proveKey;
        this.rate = rate;
        this.limits = limits;
        this.policyOff = gateway.insecureDev() && policy.isOff() && opaque.isOff();
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            RoutingContext routing, IdentityProviderManager providers) {
        if (policyOff) {
            return providers
                    .authenticate(new DeveloperIdentity.Request())
                    .invoke(
                            identity ->
                                    Exchanges.of(routing)
                                            .authenticated(CallerPrincipal.of(identity).caller()));
        }
        return switch (BearerToken.in(
                routing.request().headers().getAll(HttpHeaders.AUTHORIZATION))) {
            case BearerToken.Absent() -> Uni.createFrom().nullItem();
            case BearerToken.Malformed() ->
                    Uni.createFrom()
                            .failure(
                                    new AuthenticationFailedException(
                                            new Refused(
                                                    new Refused.InvalidToken(Reason.MALFORMED))));
            case BearerToken.Present(Scheme scheme, String token) ->
                    authenticated(token, scheme, routing, providers);
        };
    }

    /**
     * On its own thread: a token with an unknown key waits for a fetch, which must not delay other
     * requests.
     */
    private Uni<SecurityIdentity> authenticated(
            String token,
            Scheme scheme,
            RoutingContext routing,
            IdentityProviderManager providers) {
        Context loop = Vertx.currentContext();
        InetAddress origin = origin(routing.request());
        return Uni.createFrom()
                .deferred(
                        () ->
                                providers.authenticate(
                                        new TokenAuthenticationRequest(
                                                new JsonWebTokenCredential(token))))
                .invoke(identity -> admit(CallerPrincipal.of(identity).caller(), scheme, routing))
                .runSubscriptionOn(work -> verifiers.execute(() -> TokenOrigin.run(origin, work)))
                .emitOn(work -> loop.runOnContext(unused -> work.run()));
    }

    private InetAddress origin(HttpServerRequest request) {
        InetAddress peer =
                InetAddress.ofLiteral(request.connection().remoteAddress().hostAddress());
        return limits.get().origin(peer, request.headers().getAll("X-Forwarded-For"));
    }

    /** Counts a request against its caller only after the proof was verified. */
    private void admit(AuthenticatedCaller sender, Scheme scheme, RoutingContext routing) {
        HttpServerRequest request = routing.request();
        try {
            AuthenticatedCaller caller =
                    proveKey.head(
                            sender,
                            new ProveKey.Head(
                                    scheme,
                                    request.headers().getAll(DPOP),
                                    request.method().name(),
                                    request.path()));
            Exchanges.of(routing).authenticated(caller);
            rate.count(caller.caller(), routing.response());
        } catch (Refused refused) {
            throw new AuthenticationFailedException(refused);
        }
    }

    @PreDestroy
    void stop() {
        verifiers.shutdownNow();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext routing) {
        return Uni.createFrom()
                .item(new ChallengeData(401, "WWW-Authenticate", challenge.withoutToken()));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenAuthenticationRequest.class, DeveloperIdentity.Request.class);
    }

    @Override
    public int getPriority() {
        // before SmallRye's mechanism, which can read tokens from other places
        return DEFAULT_PRIORITY + 1;
    }
}
