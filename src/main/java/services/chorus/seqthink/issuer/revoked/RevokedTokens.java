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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.issuer.store.LiveDocument;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/**
 * The revoked tokens, kept in one JSON file for as long as a gateway might still accept them. The
 * file is followed as {@link LiveDocument} says. Whatever opens or changes it throws a {@link
 * StoreException} when it cannot be used. Safe for use by several threads; open it once in a
 * process.
 */
public final class RevokedTokens {

    /** How long a gateway whose clock is behind may accept an expired token. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    /** A gateway reads a published list of this length at most. */
    static final int MOST = 50_000;

    /** Entries that only an operator can add. */
    static final int RESERVED_FOR_OPERATOR = 1_000;

    /** So that no client can use up the list. */
    static final int MOST_OF_A_CLIENT = 1_000;

    private final LiveDocument<Document> revoked;
    private final InstantSource clock;

    private RevokedTokens(LiveDocument<Document> revoked, InstantSource clock) {
        this.revoked = revoked;
        this.clock = clock;
    }

    public static RevokedTokens open(Path path, InstantSource clock) {
        return new RevokedTokens(
                new LiveDocument<>(file(path), Document.EMPTY, "revoked tokens", clock), clock);
    }

    public static StoreFile<Document> file(Path path) {
        return new StoreFile<>(path, Document.class);
    }

    /**
     * Revokes a token at the request of its client; does nothing when it has expired.
     *
     * @return false when the list is full, or this client's part of it
     */
    public boolean add(String tokenId, Instant expiresAt, String clientId) {
        return add(tokenId, expiresAt, Optional.of(clientId));
    }

    /** Revokes a token as {@link #add(String, Instant, String)} does, for an operator. */
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

    /** The same object for as long as nothing changes. */
    Document current() {
        return revoked.current();
    }

    private static String hash(String tokenId) {
        return Sha256.base64url(tokenId.getBytes(UTF_8));
    }

    /**
     * A revoked token; in the file, the time and the client are separated by a space.
     *
     * @param until when no gateway accepts it any more
     * @param client the client that revoked it; empty for an operator
     */
    @RegisterForReflection
    record Entry(Instant until, Optional<String> client) {

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
     * The content of the file.
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
         * The document with this entry and without expired ones; itself when the entry exists or
         * there is no room.
         */
        Document with(String hash, Entry entry, Instant now) {
            SortedMap<String, Entry> kept = since(now);
            if (kept.containsKey(hash) || !hasRoom(kept.values(), entry.client())) {
                return this;
            }
            kept.put(hash, entry);
            return new Document(kept);
        }

        /** The entries that have not expired, in alphabetical order. */
        SortedMap<String, Entry> since(Instant now) {
            var counting = new TreeMap<>(revoked);
            counting.values().removeIf(entry -> !entry.countsAt(now));
            return counting;
        }

        private static boolean hasRoom(Collection<Entry> kept, Optional<String> client) {
            if (client.isEmpty()) {
                return kept.size() < MOST;
            }
            return kept.size() < MOST - RESERVED_FOR_OPERATOR
                    && kept.stream().filter(entry -> entry.client().equals(client)).count()
                            < MOST_OF_A_CLIENT;
        }
    }
}
