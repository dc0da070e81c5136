package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import services.chorus.seqthink.audit.ChainVerification.ChainFault;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/** Writes and verifies logs for tests. */
final class Logs {

    static final Instant NOW = Instant.parse("2026-03-01T10:15:30.123456Z");
    static final String CALLER = "agent-7";

    private Logs() {}

    static AuditEvent decision(String tool) {
        return new AuditEvent(
                NOW,
                "POST",
                "/mcp/tool",
                Optional.empty(),
                Optional.of(
                        new AuditEvent.Bearer(
                                "https://issuer.example",
                                "sub",
                                CALLER,
                                Optional.of("token-1"),
                                Set.of("sequentialthinking.run"))),
                Optional.of(tool),
                Optional.of("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
                AuditEvent.Outcome.ALLOWED,
                OptionalInt.of(200),
                OptionalInt.of(200),
                Optional.empty(),
                Duration.ofMillis(12),
                1234,
                OptionalLong.of(567));
    }

    /** A start and decisions, with a checkpoint after each hundred of them. */
    static List<byte[]> lines(int records, Optional<Ed25519Key> key) {
        RecordChain chain = chain(ChainHead.NONE, key);
        List<byte[]> lines = new ArrayList<>();
        lines.add(chain.start(NOW, "1.0", Optional.empty()));
        while (lines.size() < records) {
            lines.add(
                    lines.size() % 100 == 99
                            ? chain.checkpoint(NOW, Optional.empty())
                            : chain.event(decision("tool-" + lines.size())));
        }
        return lines;
    }

    static RecordChain chain(ChainHead last, Optional<Ed25519Key> key) {
        return new RecordChain(last, "replica-1", key, Optional.empty());
    }

    static ChainHead head(byte[] line) {
        return RecordLine.read(java.util.Arrays.copyOf(line, line.length - 1)).orElseThrow().head();
    }

    static byte[] joined(List<byte[]> lines) {
        int length = lines.stream().mapToInt(line -> line.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] line : lines) {
            System.arraycopy(line, 0, all, at, line.length);
            at += line.length;
        }
        return all;
    }

    static Path write(Path file, List<byte[]> lines) {
        return write(file, joined(lines));
    }

    static Path write(Path file, byte[] content) {
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> text(Path file) throws IOException {
        return Files.readString(file, UTF_8).lines().toList();
    }

    /** The result of a verification. */
    record Verdict(ChainVerification.Report report, List<ChainFault> faults) {}

    static Verdict verify(Optional<ChainHead> head, List<Ed25519PublicKey> keys, Path... files) {
        return verify(new ChainVerification(ChainHead.NONE, head, keys), files);
    }

    static Verdict verify(ChainVerification verification, Path... files) {
        List<ChainFault> faults = new ArrayList<>();
        try {
            return new Verdict(verification.of(List.of(files), faults::add), faults);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
