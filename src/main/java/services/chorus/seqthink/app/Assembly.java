package services.chorus.seqthink.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.OperatingSystemMXBean;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.eclipse.microprofile.config.Config;
import services.chorus.seqthink.audit.AuditConfig;
import services.chorus.seqthink.audit.AuditLog;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.Issuer;
import services.chorus.seqthink.mcp.HttpUpstream;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.net.HttpConfig;
import services.chorus.seqthink.pipeline.BodyLimits;
import services.chorus.seqthink.pipeline.LiveStreams;
import services.chorus.seqthink.pipeline.PublicUrl;
import services.chorus.seqthink.pipeline.RevokedStreams;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.sealing.AdvertisedRecipients;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Reading;
import services.chorus.seqthink.thinking.ThinkingServer;

/**
 * Creates the parts of the service, with constructor injection. A process creates only the parts
 * that its roles need.
 */
@Singleton
final class Assembly {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * Creates the gateway's parts before the first request: keys are fetched early, a failure stops
     * the start, and no event loop waits for a part. Meters are created here, so that every series
     * exists from the first scrape on.
     */
    void start(
            @Observes StartupEvent event,
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
        Infrastructure.setDroppedExceptionHandler(Assembly::logDropped);
        watchProcess(meters);
        if (Role.ISSUER.actsIn(configuration.gateway())) {
            issuer.get().start();
            IssuerAssembly.watch(issuer.get(), meters);
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

    /** Ends all streams; they are requests too, which the shutdown waits for. */
    void shutDown(@Observes ShutdownDelayInitiatedEvent event, LiveStreams streams) {
        streams.shutDown();
    }

    /**
     * Adds meters of the process. Micrometer's own lack the resident memory everywhere, and in a
     * native image the processor time and all limits as well.
     */
    private static void watchProcess(Meters meters) throws IOException {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Runtime heap = Runtime.getRuntime();
        meters.publishVersion(Version.current());
        meters.watch(Reading.CPU_SECONDS, () -> system.getProcessCpuTime() / NANOS_PER_SECOND);
        meters.watch(Reading.RESIDENT_MEMORY, Assembly::resident);
        meters.watch(Reading.MEMORY_LIMIT, system::getTotalMemorySize);
        meters.watch(Reading.HEAP_USED, () -> heap.totalMemory() - heap.freeMemory());
        meters.watch(Reading.HEAP_LIMIT, heap::maxMemory);
    }

    /** In bytes, from proc_pid_status(5); NaN where that file does not exist. */
    private static double resident() {
        try {
            return Files.readAllLines(STATUS, US_ASCII).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
                    .mapToDouble(kilobytes -> Long.parseLong(kilobytes) * 1024.0)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** Without the message, which may quote foreign text. */
    private static void logDropped(Throwable failure) {
        Log.warnf(
                "A failure occurred after its request had ended: %s", failure.getClass().getName());
    }

    @Singleton
    Configuration.Usable configuration(Config config) {
        return new Configuration.Usable(config.unwrap(SmallRyeConfig.class));
    }

    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Singleton
    Heap heap() {
        return Heap.ofThisProcess();
    }

    @Singleton
    CertificateAuthorities authorities(HttpConfig config) {
        try {
            return CertificateAuthorities.systemAnd(config.caPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

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

    @Singleton
    Upstream upstream(McpConfig config, Provider<SharedState> state) {
        return config.runsBuiltIn()
                ? new ThinkingServer(state.get())
                : new HttpUpstream(
                        URI.create(config.local().orElseThrow()),
                        config.protocol(),
                        config.timeout(),
                        config.maxReplyMb() * 1024 * 1024);
    }

    @Singleton
    PublicUrl publicUrl(GatewayConfig config) {
        // not set only in an issuer alone or in development, where nothing is compared with it
        return new PublicUrl(
                config.publicUrl()
                        .map(URI::toString)
                        .orElseGet(() -> "http://localhost:" + config.port()));
    }

    @Singleton
    BodyLimits bodyLimits(GatewayConfig config, Heap heap) {
        return GatewayConfig.bodyLimits(config, heap);
    }
}
