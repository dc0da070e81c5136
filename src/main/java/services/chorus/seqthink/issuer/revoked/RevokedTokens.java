package services.chorus.seqthink.issuer.revoked;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.issuer.store.LiveDocument;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/**
 * The tokens that were taken back before their end, kept in one JSON file for as long as a door
 * might still take them. Safe for use by several threads; open it once in a process.
 */
public final class RevokedTokens {

    /** How long a door may take a token after its end, by the clock's being behind ours. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    /** So many fit into what a door reads of the published list. */
    static final int MOST = 50_000;

    private final LiveDocument<Document> revoked;
    private final InstantSource clock;

    private RevokedTokens(LiveDocument<Document> revoked, InstantSource clock) {
        this.revoked = revoked;
        this.clock = clock;
    }

    /**
     * Opens the file; where there is none yet, nothing was taken back.
     *
     * @throws StoreException when the file cannot be used as it is
     */
    public static RevokedTokens open(Path path, InstantSource clock) {
        var file = new StoreFile<>(path, Document.class);
        return new RevokedTokens(
                LiveDocument.open(file, Document.EMPTY, "revoked tokens", clock), clock);
    }

    /**
     * Takes a token back; nothing is to be done where no door takes it any more.
     *
     * @return false when as many were taken back as can be
     * @throws StoreException when the file cannot be used as it is
     */
    public boolean add(String tokenId, Instant expiresAt) {
        Instant now = clock.instant();
        Instant until = expiresAt.plus(LEEWAY);
        if (!now.isBefore(until)) {
            return true;
        }
        String hash = hash(tokenId);
        revoked.update(present -> present.with(hash, until, now));
        return revoked.present().revoked().containsKey(hash);
    }

    public boolean contains(String tokenId) {
        return revoked.present().revoked().containsKey(hash(tokenId));
    }

    /** The hashes of the ids of all that count now, in alphabetical order. */
    List<String> hashes() {
        return List.copyOf(revoked.present().since(clock.instant()).keySet());
    }

    public List<String> warnings() {
        return revoked.warnings();
    }

    private static String hash(String tokenId) {
        return Sha256.base64url(tokenId.getBytes(UTF_8));
    }

    /**
     * The whole file.
     *
     * @param revoked until when each counts, by the unpadded base64url SHA-256 of the {@code jti}
     */
    @RegisterForReflection
    record Document(Map<String, Instant> revoked) {

        static final Document EMPTY = new Document(Map.of());

        Document {
            revoked = Collections.unmodifiableSortedMap(new TreeMap<>(revoked));
        }

        /** With one more, where there is room, and without those that count no more. */
        Document with(String hash, Instant until, Instant now) {
            Map<String, Instant> kept = since(now);
            if (kept.size() < MOST || kept.containsKey(hash)) {
                kept.put(hash, until);
            }
            return new Document(kept);
        }

        Map<String, Instant> since(Instant now) {
            Map<String, Instant> counting = new TreeMap<>(revoked);
            counting.values().removeIf(until -> !now.isBefore(until));
            return counting;
        }
    }
}
