package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import services.chorus.seqthink.files.AtomicFile;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.RecipientsDocument;
import services.chorus.seqthink.protocol.RecipientsDocument.Verification;

/**
 * The gateways that a client knows by URL, each with the fingerprint of its door key and the
 * version of its recipients, which never decreases. Kept as one JSON object in a file of mode 0600.
 * Safe for use by several threads and processes; one instance for each file in a process.
 */
public final class KnownGateways {

    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final AtomicFile file;
    private final InstantSource clock;

    /**
     * @param file need not exist; created with its folder when the first gateway is added
     */
    public KnownGateways(Path file, InstantSource clock) {
        this.file = new AtomicFile(file);
        this.clock = clock;
    }

    /** {@code seqthink/known-doors.json} in {@code $XDG_CONFIG_HOME} or {@code ~/.config}. */
    public static Path defaultFile(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                .map(Path::of)
                // XDG Base Directory Specification: ignore a relative path
                .filter(Path::isAbsolute)
                .orElseGet(() -> home().resolve(".config"))
                .resolve("seqthink")
                .resolve("known-doors.json");
    }

    private static Path home() {
        Path home = Path.of(System.getProperty("user.home"));
        if (!home.isAbsolute()) { // "?" for a user without one
            throw new IllegalStateException(
                    "this user has no home folder: set XDG_CONFIG_HOME, or give --known-doors");
        }
        return home;
    }

    /** Why a gateway's key is trusted. */
    public sealed interface Trust {

        /**
         * The user knows its fingerprint.
         *
         * @param fingerprint SHA-256 thumbprint (RFC 7638) as unpadded base64url
         */
        record Fingerprint(String fingerprint) implements Trust {}

        /** The first key seen is trusted, and no other after that. */
        record FirstUse() implements Trust {}

        /** Only a key that is already known is trusted. */
        record KnownOnly() implements Trust {}
    }

    /**
     * @param url without a slash at its end
     * @throws IOException when the file is unreadable or malformed
     */
    public Optional<KnownGateway> find(String url) throws IOException {
        return Optional.ofNullable(read().get(url));
    }

    /** Whether a gateway's recipients may be used without fetching them again. */
    public boolean isCurrent(KnownGateway gateway) {
        return gateway.until().isAfter(clock.instant());
    }

    /**
     * Verifies a signed document and remembers the gateway.
     *
     * @param jws as the gateway served it
     * @param url under which the gateway was called, without a slash at its end
     * @throws CallFailed when the document is not trusted; then nothing has changed
     * @throws IOException when the file is malformed, or cannot be read or written
     */
    public KnownGateway accept(String jws, String url, Trust trust) throws IOException {
        Verification.Valid valid =
                switch (RecipientsDocument.verify(jws)) {
                    case Verification.Valid verified -> verified;
                    case Verification.Refused(String why) ->
                            throw failed(
                                    "the gateway's recipients are not valid, %s: ask its operator",
                                    why);
                };
        Files.createDirectories(file.path().getParent(), FOLDER);
        // under the file's lock, so that another process cannot lower a version in between
        return file.update(
                draft -> {
                    Map<String, KnownGateway> gateways = read();
                    Optional<KnownGateway> known = Optional.ofNullable(gateways.get(url));
                    requireKey(valid.fingerprint(), url, known, trust);
                    requireThisGatewayNow(valid.document(), url);
                    requireNoRollback(valid.document(), url, known);
                    KnownGateway gateway = remembered(valid, known);
                    if (!gateway.equals(gateways.put(url, gateway))) {
                        draft.replace(json(gateways));
                    }
                    return gateway;
                });
    }

    private void requireKey(String signer, String url, Optional<KnownGateway> known, Trust trust)
            throws CallFailed {
        if (trust instanceof Trust.Fingerprint(String given) && !given.equals(signer)) {
            throw failed(
                    "wrong door key: the recipients of %s are signed by %s, not by %s as given; ask"
                            + " the operator for the fingerprint again",
                    url, signer, given);
        }
        if (known.isPresent() && !known.get().fingerprint().equals(signer)) {
            throw failed(
                    "the door key changed: %s had the key %s, and its recipients are now signed by"
                            + " %s; if the operator confirms the new fingerprint, remove the"
                            + " gateway from %s and give the fingerprint with --door",
                    url, known.get().fingerprint(), signer, file.path());
        }
        if (known.isEmpty() && trust instanceof Trust.KnownOnly) {
            throw failed(
                    "%s is not known yet: ask its operator for the fingerprint of its door key",
                    url);
        }
    }

    private void requireThisGatewayNow(RecipientsDocument document, String url) throws CallFailed {
        Instant now = clock.instant();
        if (!document.url().equals(url)) {
            throw failed(
                    "the recipients are those of %s, not of %s: call the gateway by its own URL",
                    document.url(), url);
        }
        if (document.since().isAfter(now.plus(CLOCK_SKEW))) {
            throw failed(
                    "the recipients were signed at %s, which is in the future: correct this machine's"
                            + " clock",
                    document.since());
        }
        if (!document.until().isAfter(now)) {
            throw failed(
                    "the recipients expired at %s: correct this machine's clock, or tell the operator"
                            + " that the gateway serves old ones",
                    document.until());
        }
    }

    private static void requireNoRollback(
            RecipientsDocument document, String url, Optional<KnownGateway> known)
            throws CallFailed {
        long knownVersion = known.map(KnownGateway::version).orElse(0L);
        if (document.version() < knownVersion) {
            throw failed(
                    "the gateway's recipients were rolled back: version %d of %s was seen, and this"
                            + " is version %d; try again later, or ask the operator",
                    knownVersion, url, document.version());
        }
        if (document.version() == knownVersion
                && !document.recipients().equals(known.get().recipients())) {
            throw failed(
                    "version %d of the recipients of %s has changed without a new version: ask the"
                            + " operator",
                    knownVersion, url);
        }
    }

    private static CallFailed failed(String why, Object... details) {
        return new CallFailed(why.formatted(details));
    }

    private static KnownGateway remembered(Verification.Valid valid, Optional<KnownGateway> known) {
        RecipientsDocument document = valid.document();
        // an older signature of the same version must not shorten the time
        Instant until =
                known.filter(gateway -> gateway.version() == document.version())
                        .map(KnownGateway::until)
                        .filter(before -> before.isAfter(document.until()))
                        .orElse(document.until());
        return new KnownGateway(
                valid.fingerprint(), document.version(), document.recipients(), until);
    }

    private Map<String, KnownGateway> read() throws IOException {
        Map<String, KnownGateway> gateways = new TreeMap<>();
        Optional<byte[]> content = file.read();
        if (content.isPresent()) {
            ObjectNode json = StrictJson.parseObject(content.get()).orElseThrow(this::broken);
            for (Map.Entry<String, JsonNode> each : json.properties()) {
                gateways.put(
                        each.getKey(), KnownGateway.of(each.getValue()).orElseThrow(this::broken));
            }
        }
        return gateways;
    }

    private static byte[] json(Map<String, KnownGateway> gateways) {
        ObjectNode json = StrictJson.object();
        gateways.forEach((url, gateway) -> json.set(url, gateway.json()));
        return (StrictJson.pretty(json) + "\n").getBytes(UTF_8);
    }

    private IOException broken() {
        return new IOException(
                "%s is malformed: repair it, or remove it and call each gateway with --door again"
                        .formatted(file.path()));
    }
}
