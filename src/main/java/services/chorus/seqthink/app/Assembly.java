package services.chorus.seqthink.app;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import services.chorus.seqthink.audit.AuditConfig;
import services.chorus.seqthink.audit.AuditLog;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.Issuer;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.mcp.HttpUpstream;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.mcp.UpstreamOptions;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.net.HttpConfig;
import services.chorus.seqthink.pipeline.BodyLimits;
import services.chorus.seqthink.pipeline.LiveStreams;
import services.chorus.seqthink.pipeline.PublicUrl;
import services.chorus.seqthink.pipeline.RevokedStreams;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.dpop.DpopConfig;
import services.chorus.seqthink.policy.limits.LimitsConfig;
import services.chorus.seqthink.policy.opaque.OpaqueConfig;
import services.chorus.seqthink.policy.rules.Rules;
import services.chorus.seqthink.policy.rules.RulesConfig;
import services.chorus.seqthink.sealing.AdvertisedRecipients;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.thinking.ThinkingServer;
import services.chorus.seqthink.tls.TlsConfig;

/**
 * Puts the rooms together: each is handed what it needs by its constructor, and none knows who made
 * it. Nothing here is made in a process whose roles do not ask for it.
 */
@Singleton
final class Assembly {

    /**
     * Makes the door's parts before the first request: keys are fetched ahead, a port that cannot
     * be had stops the start, and no event loop ever waits for one of them. The meters are made
     * here so that every series is there from the first scrape on.
     */
    void start(
            @Observes StartupEvent event,
            Config served,
            Configuration.Usable configuration,
            Meters meters,
            Provider<Issuer> issuer,
            Provider<Sealing> sealing,
            Provider<AdvertisedRecipients> recipients,
            Provider<TokenJudge> tokens,
            Provider<SharedState> state,
            Provider<AuditLog> audit,
            Provider<Upstream> upstream,
            Provider<RevokedStreams> revokedStreams)
            throws IOException {
        Infrastructure.setDroppedExceptionHandler(Assembly::sayDropped);
        requireJudged(served);
        requireNoFaults(configuration);
        ProcessMeters.watch(meters);
        if (Role.ISSUER.actsIn(configuration.gateway())) {
            issuer.get().start();
            IssuerMeters.watch(issuer.get(), meters);
        }
        if (Role.DOOR.actsIn(configuration.gateway())) {
            sealing.get();
            recipients.get();
            tokens.get();
            state.get();
            audit.get();
            upstream.get();
            revokedStreams.get().start();
        }
    }

    /** Ends all streams before the service waits for its requests to end. */
    void shutDown(@Observes ShutdownDelayInitiatedEvent event, LiveStreams streams) {
        streams.shutDown();
    }

    /** Without its message, which may be another's text. */
    private static void sayDropped(Throwable failure) {
        Log.warnf("A failure came when nobody waited any more: %s", failure.getClass().getName());
    }

    /** Settings without a fault can still be others than an operator was told of. */
    private static void requireJudged(Config served) {
        if (!Serving.isAsJudged(served.unwrap(SmallRyeConfig.class))) {
            throw new IllegalStateException(
                    "The settings are other than those that were checked: take this service's out"
                            + " of .env and config/application.properties where it starts, and"
                            + " start again once its configuration file is whole");
        }
    }

    /** Quarkus reads a few sources more than the check before the start does. */
    private static void requireNoFaults(Configuration.Usable configuration) {
        List<Fault> faults = configuration.faults();
        faults.forEach(fault -> Log.error(fault.line()));
        if (!faults.isEmpty()) {
            throw new IllegalStateException("The configuration has faults");
        }
    }

    @Produces
    @Singleton
    Configuration.Usable configuration(
            GatewayConfig gateway,
            TlsConfig tls,
            SealingConfig sealing,
            PolicyConfig policy,
            RulesConfig rules,
            OpaqueConfig opaque,
            DpopConfig dpop,
            LimitsConfig limits,
            AuditConfig audit,
            McpConfig mcp,
            StateConfig state,
            HttpConfig http,
            IssuerConfig issuer) {
        return new Configuration.Usable(
                gateway, tls, sealing, policy, rules, opaque, dpop, limits, audit, mcp, state, http,
                issuer);
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    Heap heap() {
        return Heap.ofThisProcess();
    }

    @Produces
    @Singleton
    CertificateAuthorities authorities(HttpConfig config) {
        try {
            return CertificateAuthorities.systemAnd(config.caPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Produces
    @Singleton
    Rules rules(RulesConfig config) {
        return Rules.from(config);
    }

    @Produces
    @Singleton
    AuditLog audit(AuditConfig config, InstantSource clock, Meters meters) {
        try {
            return AuditLog.open(config, Version.current(), clock, meters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop(@Disposes AuditLog log) {
        log.close();
    }

    @Produces
    @Singleton
    Upstream upstream(McpConfig config, Provider<SharedState> state) {
        return config.runsBuiltIn()
                ? new ThinkingServer(state.get())
                : new HttpUpstream(
                        new UpstreamOptions(
                                URI.create(config.local().orElseThrow()),
                                config.protocol(),
                                config.timeout(),
                                config.maxReplyMb() * 1024 * 1024));
    }

    @Produces
    @Singleton
    PublicUrl publicUrl(GatewayConfig config) {
        // without one only where nothing is compared with it: an issuer alone, or development
        return new PublicUrl(
                config.publicUrl()
                        .map(URI::toString)
                        .orElseGet(() -> "http://localhost:" + config.port()));
    }

    @Produces
    @Singleton
    BodyLimits bodyLimits(GatewayConfig config, Heap heap) {
        return BodyLimits.of(
                config.maxBodyMb(), config.bodyTimeout(), config.maxInflightMb(), heap);
    }
}
