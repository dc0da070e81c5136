package services.chorus.seqthink.audit;

import io.quarkus.logging.Log;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.telemetry.Level;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Where decisions are written down: to files, to standard output, to both or to neither. Safe for
 * use by several threads.
 */
public final class AuditLog implements AutoCloseable {

    private final List<Trail> trails;
    private final Optional<Ed25519Key> key;
    private final boolean required;

    /**
     * Opens the log, goes on with the chain that is there, and writes that it started.
     *
     * @throws IOException when one of its places cannot be written
     */
    public static AuditLog open(
            AuditConfig config, String version, InstantSource clock, Meters meters)
            throws IOException {
        Opening opening = new Opening(config, version, clock, meters);
        try {
            opening.trails();
            return new AuditLog(opening.opened, opening.key, config.required(), meters);
        } catch (IOException | RuntimeException e) {
            close(opening.opened);
            opening.key.ifPresent(Ed25519Key::close);
            throw e;
        }
    }

    AuditLog(List<Trail> trails, Optional<Ed25519Key> key, boolean required, Meters meters) {
        this.trails = List.copyOf(trails);
        this.key = key;
        this.required = required;
        meters.watch(
                Level.AUDIT_SEQUENCE,
                () -> this.trails.stream().findFirst().map(t -> t.head().sequence()).orElse(0L));
        meters.watch(
                Level.AUDIT_FAILING, () -> this.trails.stream().anyMatch(Trail::failing) ? 1 : 0);
    }

    /**
     * Has a decision written everywhere.
     *
     * @return completed when it is, on a thread that must not be held up; failed with a {@link
     *     NotWrittenException} when it never will be
     */
    public CompletionStage<Void> record(Decision decision) {
        return CompletableFuture.allOf(
                trails.stream()
                        .map(trail -> trail.append(decision))
                        .toArray(CompletableFuture[]::new));
    }

    /** Whether nothing may be done without a record of it. */
    public boolean required() {
        return required;
    }

    /** Whether records are being written. */
    public boolean accepting() {
        return trails.stream().allMatch(Trail::accepting);
    }

    /** Writes what waits, and that it stops. */
    @Override
    public void close() {
        close(trails);
        key.ifPresent(Ed25519Key::close);
    }

    private static void close(List<Trail> trails) {
        for (Trail trail : trails) {
            try {
                trail.close();
            } catch (IOException e) {
                Log.errorf("The audit log could not be closed: %s", e.getMessage());
            }
        }
    }

    /** A log that is being opened. */
    private static final class Opening {

        private final AuditConfig config;
        private final String version;
        private final InstantSource clock;
        private final Meters meters;
        private final String replica;
        private final Optional<Ed25519Key> key;
        private final List<Trail> opened = new ArrayList<>();

        Opening(AuditConfig config, String version, InstantSource clock, Meters meters)
                throws IOException {
            this.config = config;
            this.version = version;
            this.clock = clock;
            this.meters = meters;
            this.replica = config.replica().orElseGet(Opening::hostName);
            this.key =
                    config.key().isPresent()
                            ? Optional.of(Ed25519Key.read(config.key().get()))
                            : Optional.empty();
        }

        /** The file first, whose head the other then tells. */
        void trails() throws IOException {
            if (config.path().isPresent()) {
                opened.add(file());
            }
            if (config.stdout()) {
                Optional<Trail> file = opened.stream().findFirst();
                opened.add(standardOutput(() -> file.map(Trail::head)));
            }
        }

        private Trail file() throws IOException {
            SegmentedFile sink =
                    SegmentedFile.open(config.path().get(), config.maxMb() * 1024L * 1024);
            try {
                SegmentedFile.Resumption found = sink.resumption();
                Chain chain = new Chain(found.head(), replica, key, ToolNaming.plain());
                byte[] start = chain.start(clock.instant(), version, found.torn());
                return begin(sink, chain, found.ownLine(start), Optional::empty);
            } catch (IOException | RuntimeException e) {
                sink.close();
                throw e;
            }
        }

        private Trail standardOutput(Supplier<Optional<Head>> file) throws IOException {
            Chain chain = new Chain(Head.NONE, replica, key, ToolNaming.hidden(key));
            byte[] start = chain.start(clock.instant(), version, Optional.empty());
            return begin(new StandardOutput(), chain, start, file);
        }

        private Trail begin(Sink sink, Chain chain, byte[] start, Supplier<Optional<Head>> beside)
                throws IOException {
            return Trail.begin(sink, chain, start, Pace.usual(config), clock, meters, beside);
        }

        private static String hostName() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "unknown";
            }
        }
    }
}
