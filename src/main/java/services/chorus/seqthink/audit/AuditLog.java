package services.chorus.seqthink.audit;

import io.quarkus.logging.Log;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import services.chorus.seqthink.audit.Sink.StandardOutput;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Reading;

/**
 * The audit log: writes events to files, standard output, both or neither. Safe for use by several
 * threads.
 */
public final class AuditLog implements AutoCloseable {

    private final List<AuditWriter> writers;
    private final Optional<Ed25519Key> key;
    private final boolean required;

    /** An event was not written and never will be. */
    public static final class NotWrittenException extends Exception {

        NotWrittenException() {
            super("the audit record could not be written", null, false, false);
        }
    }

    AuditLog(List<AuditWriter> writers, Optional<Ed25519Key> key, boolean required, Meters meters) {
        this.writers = List.copyOf(writers);
        this.key = key;
        this.required = required;
        meters.watch(
                Reading.AUDIT_SEQUENCE,
                () -> this.writers.stream().findFirst().map(w -> w.head().sequence()).orElse(0L));
        meters.watch(
                Reading.AUDIT_FAILING,
                () -> this.writers.stream().anyMatch(AuditWriter::failing) ? 1 : 0);
    }

    /**
     * Opens the log, continues the chain in its files, and writes a start record.
     *
     * @throws IOException when a destination cannot be written, or the key cannot be read
     */
    public static AuditLog open(
            AuditConfig config, String version, InstantSource clock, Meters meters)
            throws IOException {
        Optional<Ed25519Key> key =
                config.key().isPresent()
                        ? Optional.of(Ed25519Key.read(config.key().get()))
                        : Optional.empty();
        String replica = config.replica().orElseGet(AuditLog::hostName);
        WritePace pace = WritePace.of(config);
        List<AuditWriter> opened = new ArrayList<>();
        try {
            if (config.path().isPresent()) {
                SegmentedFile file =
                        SegmentedFile.open(config.path().get(), config.maxMb() * 1024L * 1024);
                RecordChain chain =
                        new RecordChain(file.found().head(), replica, key, Optional.empty());
                opened.add(new AuditWriter(file, chain, pace, clock, meters, Optional::empty));
                opened.getLast().start(version, file.found());
            }
            if (config.stdout()) {
                Optional<AuditWriter> file = opened.stream().findFirst();
                RecordChain chain =
                        new RecordChain(
                                ChainHead.NONE,
                                replica,
                                key,
                                Optional.of(RecordChain.toolKey(key)));
                opened.add(
                        new AuditWriter(
                                new StandardOutput(new FileOutputStream(FileDescriptor.out)),
                                chain,
                                pace,
                                clock,
                                meters,
                                () -> file.map(AuditWriter::head)));
                opened.getLast().start(version, Tail.NONE);
            }
            return new AuditLog(opened, key, config.required(), meters);
        } catch (IOException | RuntimeException e) {
            close(opened, key);
            throw e;
        }
    }

    /**
     * Writes an event to every destination.
     *
     * @return completed when it is written, on a thread that must not be blocked; failed with
     *     {@link NotWrittenException} when it never will be
     */
    public CompletionStage<Void> record(AuditEvent event) {
        return CompletableFuture.allOf(
                writers.stream()
                        .map(writer -> writer.append(event))
                        .toArray(CompletableFuture[]::new));
    }

    /**
     * Counts an event that gets no record of its own, because there are too many of its kind. The
     * number is recorded some seconds later.
     */
    public void omit() {
        writers.forEach(AuditWriter::omit);
    }

    /** Whether every action must have a record ({@code AUDIT_REQUIRED}). */
    public boolean required() {
        return required;
    }

    /** Whether all destinations accept records. */
    public boolean accepting() {
        return writers.stream().allMatch(AuditWriter::accepting);
    }

    /** Writes queued events and a stop record. */
    @Override
    public void close() {
        close(writers, key);
    }

    private static void close(List<AuditWriter> writers, Optional<Ed25519Key> key) {
        for (AuditWriter writer : writers) {
            try {
                writer.close();
            } catch (IOException e) {
                Log.errorf("The audit log could not be closed: %s", e.getMessage());
            }
        }
        key.ifPresent(Ed25519Key::close);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
