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
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import services.chorus.seqthink.http.SenderConstraint.Sent;
import services.chorus.seqthink.policy.BearerToken;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Scheme;
import services.chorus.seqthink.policy.opaque.OpaqueConfig;

/**
 * Tokens from the Authorization header and from nowhere else (RFC 6750 section 2.1), with a proof
 * of their key where they are bound to one. Where {@code INSECURE_DEV} leaves policy off, everybody
 * is one named synthetic caller, so that no resource asks whether policy is on.
 */
@ApplicationScoped
class BearerMechanism implements HttpAuthenticationMechanism {

    private final Challenges challenges;
    private final SenderConstraint senders;
    private final CallerRate rate;
    private final boolean policyOff;
    private final ExecutorService verifiers = Executors.newVirtualThreadPerTaskExecutor();

    BearerMechanism(
            Challenges challenges,
            SenderConstraint senders,
            CallerRate rate,
            PolicyConfig policy,
            OpaqueConfig opaque,
            GatewayConfig gateway) {
        this.challenges = challenges;
        this.senders = senders;
        this.rate = rate;
        this.policyOff = gateway.insecureDev() && policy.isOff() && opaque.isOff();
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            RoutingContext context, IdentityProviderManager providers) {
        if (policyOff) {
            return providers
                    .authenticate(new DeveloperIdentity.Request())
                    .invoke(identity -> note(identity, context));
        }
        return switch (BearerToken.in(
                context.request().headers().getAll(HttpHeaders.AUTHORIZATION))) {
            case BearerToken.Absent() -> Uni.createFrom().nullItem();
            case BearerToken.Malformed() ->
                    Uni.createFrom()
                            .failure(
                                    new AuthenticationFailedException(
                                            new TokenRefused(Reason.MALFORMED)));
            case BearerToken.Present(Scheme scheme, String token) ->
                    admitted(token, Sent.in(context.request(), scheme), providers, context);
        };
    }

    /** Counts a request against its caller only when it is known to be that caller's. */
    private Uni<SecurityIdentity> admitted(
            String token, Sent sent, IdentityProviderManager providers, RoutingContext context) {
        Context caller = Vertx.currentContext();
        return verified(token, sent, providers)
                .invoke(identity -> note(identity, context))
                .chain(identity -> rate.count(identity, context.response()))
                .emitOn(work -> caller.runOnContext(unused -> work.run()));
    }

    /**
     * Judges a token on a thread of its own: one with an unknown key waits for a fetch, and a crowd
     * of such must hold up nobody else.
     */
    private Uni<SecurityIdentity> verified(
            String token, Sent sent, IdentityProviderManager providers) {
        return Uni.createFrom()
                .deferred(
                        () ->
                                providers.authenticate(
                                        new TokenAuthenticationRequest(
                                                new JsonWebTokenCredential(token))))
                .map(identity -> senders.check(sent, identity))
                .runSubscriptionOn(verifiers);
    }

    private static void note(SecurityIdentity identity, RoutingContext context) {
        RequestRecord.of(context).ifPresent(record -> record.presentedBy(identity));
    }

    @PreDestroy
    void stop() {
        verifiers.shutdownNow();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom()
                .item(new ChallengeData(401, "WWW-Authenticate", challenges.withoutToken()));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenAuthenticationRequest.class, DeveloperIdentity.Request.class);
    }

    @Override
    public int getPriority() {
        // before SmallRye's own, which would take its token from wherever it is told to
        return DEFAULT_PRIORITY + 1;
    }
}
