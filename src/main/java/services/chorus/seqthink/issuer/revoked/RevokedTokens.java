package services.chorus.seqthink.issuer.revoked;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.issuer.store.LiveDocument;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/**
 * The tokens that were revoked before they expired, kept in one JSON file for as long as a door
 * might still accept them. Safe for use by several threads; open it once in a process.
 */
public final class RevokedTokens {

    /** How long a door may accept a token after it expired, by a clock that is behind ours. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    /** So many fit into what a door reads of the published list. */
    static final int MOST = 50_000;

    /** So many of them are an operator's alone, who can revoke tokens whatever clients do. */
    static final int MOST_OF_AN_OPERATOR_ALONE = 1_000;

    /** So many may be one client's, that none takes the room of the others. */
    static final int MOST_OF_A_CLIENT = 1_000;

    private final LiveDocument<Document> revoked;
    private final InstantSource clock;

    private RevokedTokens(LiveDocument<Document> revoked, InstantSource clock) {
        this.revoked = revoked;
        this.clock = clock;
    }

    /**
     * Opens the file; where there is none yet, nothing was revoked.
     *
     * @throws StoreException when the file cannot be used as it is
     */
    public static RevokedTokens open(Path path, InstantSource clock) {
        return new RevokedTokens(
                new LiveDocument<>(file(path), Document.EMPTY, "revoked tokens", clock), clock);
    }

    /** The file of revoked tokens for what it holds. */
    public static StoreFile<Document> file(Path path) {
        return new StoreFile<>(path, Document.class);
    }

    /**
     * Revokes a token for the client that it was issued to; does nothing where no door accepts it
     * any more.
     *
     * @return false when as many are revoked as can be, of all or of this client's
     * @throws StoreException when the file cannot be used as it is
     */
    public boolean add(String tokenId, Instant expiresAt, String clientId) {
        return add(tokenId, expiresAt, Optional.of(clientId));
    }

    /** As {@link #add(String, Instant, String)}, for an operator. */
    public boolean add(String tokenId, Instant expiresAt) {
        return add(tokenId, expiresAt, Optional.empty());
    }

    private boolean add(String tokenId, Instant expiresAt, Optional<String> clientId) {
        Instant now = clock.instant();
        var entry = new Entry(expiresAt.plus(LEEWAY), clientId);
        if (!entry.countsAt(now) || contains(tokenId)) {
            return true;
        }
        revoked.update(current -> current.with(hash(tokenId), entry, now));
        return contains(tokenId);
    }

    public boolean contains(String tokenId) {
        return current().revoked().containsKey(hash(tokenId));
    }

    /** The very same one for as long as nothing changes. */
    Document current() {
        return revoked.current();
    }

    public List<String> warnings() {
        return revoked.warnings();
    }

    private static String hash(String tokenId) {
        return Sha256.base64url(tokenId.getBytes(UTF_8));
    }

    /**
     * A revoked token; in the file the time, and the client behind a space.
     *
     * @param until when no door accepts it any more
     * @param client who revoked it; empty for an operator
     */
    @RegisterForReflection
    record Entry(Instant until, Optional<String> client) {

        /**
         * @throws java.time.format.DateTimeParseException when it does not begin with a time
         */
        @JsonCreator
        static Entry parse(String text) {
            String[] parts = text.split(" ", 2);
            return new Entry(Instant.parse(parts[0]), Stream.of(parts).skip(1).findFirst());
        }

        @JsonValue
        String text() {
            return client.map(id -> until + " " + id).orElseGet(until::toString);
        }

        boolean countsAt(Instant now) {
            return now.isBefore(until);
        }
    }

    /**
     * The whole file.
     *
     * @param revoked the tokens, by the unpadded base64url SHA-256 of their {@code jti}
     */
    @RegisterForReflection
    public record Document(SortedMap<String, Entry> revoked) {

        public static final Document EMPTY = new Document(new TreeMap<>());

        public Document {
            revoked = Collections.unmodifiableSortedMap(new TreeMap<>(revoked));
        }

        /**
         * With one more, and without those that count no more; itself where there is nothing to add
         * or no room.
         */
        Document with(String hash, Entry entry, Instant now) {
            SortedMap<String, Entry> kept = since(now);
            if (kept.containsKey(hash) || !hasRoom(kept.values(), entry.client())) {
                return this;
            }
            kept.put(hash, entry);
            return new Document(kept);
        }

        /** Those that count, in alphabetical order. */
        SortedMap<String, Entry> since(Instant now) {
            var counting = new TreeMap<>(revoked);
            counting.values().removeIf(entry -> !entry.countsAt(now));
            return counting;
        }

        private static boolean hasRoom(Collection<Entry> kept, Optional<String> client) {
            if (client.isEmpty()) {
                return kept.size() < MOST;
            }
            return kept.size() < MOST - MOST_OF_AN_OPERATOR_ALONE
                    && kept.stream().filter(entry -> entry.client().equals(client)).count()
                            < MOST_OF_A_CLIENT;
        }
    }
}
