package services.chorus.seqthink.issuer.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.issuer.store.LiveDocument;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.json.StrictJson;

/**
 * The issuer's keys, kept in one file: one signs, at most one is published to sign next, and the
 * others only verify. The file is followed as {@link LiveDocument} says. Whatever opens or changes
 * it throws a {@link StoreException} when it cannot be used. Safe for use by several threads; open
 * it once in a process.
 */
public final class SigningKeys {

    /** The public facts about a key of the JWKS. */
    public record PublishedKey(String kid, Instant signsFrom) {

        private static PublishedKey of(SigningKey key) {
            return new PublishedKey(key.kid(), key.signsFrom());
        }
    }

    /** A rotation that was rejected because the next key is published already. */
    public static final class KeyWaitingException extends RuntimeException {

        KeyWaitingException(SigningKey waiting) {
            super(
                    "Key %s is published already and signs from %s: nothing was changed"
                            .formatted(waiting.kid(), waiting.signsFrom()));
        }
    }

    private final LiveDocument<KeySchedule> keys;
    private final Path path;
    private final KeyPlan plan;
    private final InstantSource clock;
    private volatile boolean storedAsConfigured;

    private SigningKeys(
            StoreFile<KeySchedule> file,
            boolean storedAsConfigured,
            KeyPlan plan,
            InstantSource clock) {
        this.path = file.path();
        this.keys = new LiveDocument<>(file, KeySchedule.EMPTY, "signing keys", clock);
        this.storedAsConfigured = storedAsConfigured;
        this.plan = plan;
        this.clock = clock;
    }

    /**
     * Opens the key file; creates it with a first key when there is none, readable by its owner
     * only. When several processes do so at once, one creates it and all use it. Nothing else is
     * written before {@link #maintain}.
     *
     * @throws StoreException when the file cannot be used; it is never overwritten
     */
    public static SigningKeys open(
            Path path, KeyPlan plan, KeyStorage atRest, InstantSource clock) {
        Optional<StoredKey.Document> found = KeyStorage.stored(path).read();
        boolean storedAsConfigured =
                found.stream()
                        .flatMap(all -> all.keys().stream())
                        .allMatch(atRest::isStoredAsConfigured);
        found.ifPresent(StoredKey.Document::wipe);
        var keys = new SigningKeys(atRest.file(path), storedAsConfigured, plan, clock);
        if (keys.keys.current().isEmpty()) {
            keys.maintain();
        }
        return keys;
    }

    /**
     * Publishes the next key when it is due, drops obsolete ones, and rewrites private keys that
     * are not stored as {@link KeyStorage} says. Usually there is nothing to do.
     */
    public void maintain() {
        if (!storedAsConfigured || keys.current().needsMaintenance(clock.instant(), plan)) {
            update(current -> current.maintained(clock.instant(), plan));
            storedAsConfigured = true;
        }
    }

    /**
     * Publishes a successor of the key that signs; it signs once every verifier knows it. Corrects
     * times that were set by a clock far ahead.
     *
     * @return the successor
     * @throws KeyWaitingException when there is one already
     */
    public PublishedKey rotate() {
        update(current -> current.rotated(clock.instant(), plan));
        return PublishedKey.of(keys.current().waiting(clock.instant()).orElseThrow());
    }

    /**
     * Makes a new key sign at once and drops all others, although verifiers do not know it yet.
     *
     * @return the keys that were dropped, in the order in which they signed
     */
    public List<PublishedKey> replace() {
        List<PublishedKey> dropped = new ArrayList<>();
        update(
                current -> {
                    current.keys().stream().map(PublishedKey::of).forEach(dropped::add);
                    return KeySchedule.replaced(
                            current.keys().getLast().algorithm(), clock.instant(), plan);
                });
        return List.copyOf(dropped);
    }

    public PublishedKey current() {
        return PublishedKey.of(signing());
    }

    /** How long the current key has been signing. */
    public Duration age() {
        Duration age = Duration.between(signing().signsFrom(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** The time until the next key signs; negative when that is late. */
    public Duration untilRotation() {
        Instant now = clock.instant();
        return Duration.between(now, keys.current().nextRotation(now, plan));
    }

    /** The JWK set (RFC 7517 section 5) of the public keys, as JSON. */
    public String jwks() {
        return new JsonWebKeySet(published().stream().map(SigningKey::publicJwk).toList())
                .toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /** Why the last key is not of the configured algorithm; empty when it is. */
    Optional<String> algorithmMismatch() {
        KeyAlgorithm last = keys.current().keys().getLast().algorithm();
        return last == plan.algorithm()
                ? Optional.empty()
                : Optional.of(
                        ("ISSUER_ALGORITHM is %1$s, but the newest signing key is for %2$s. A %1$s"
                                        + " key is created as soon as no key is waiting to sign and no older"
                                        + " %1$s key is published any more. Set ISSUER_ALGORITHM to the same"
                                        + " value for every process that uses the key file")
                                .formatted(plan.algorithm().jwsName(), last.jwsName()));
    }

    /** Signs a JSON object as a compact JWS of that {@code typ}. */
    public String sign(String type, String json) {
        SigningKey key = signing();
        var jws = new JsonWebSignature();
        header(key, type)
                .properties()
                .forEach(member -> jws.setHeader(member.getKey(), member.getValue().textValue()));
        jws.setKey(key.pair().getPrivate());
        jws.setPayload(json);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("Key " + key.kid() + " cannot sign", e);
        }
    }

    /** The payload of a JWS of that {@code typ} that one of these keys signed; else empty. */
    public Optional<ObjectNode> verified(String type, String compact) {
        return CompactJws.parse(compact)
                .filter(jws -> published().stream().anyMatch(key -> isSigned(jws, key, type)))
                .map(CompactJws::payload);
    }

    private static boolean isSigned(CompactJws jws, SigningKey key, String type) {
        return jws.header().equals(header(key, type))
                && key.algorithm()
                        .signature()
                        .verifies(jws.signedBytes(), jws.signature(), key.pair().getPublic());
    }

    private static ObjectNode header(SigningKey key, String type) {
        return StrictJson.object()
                .put("alg", key.algorithm().jwsName())
                .put("typ", type)
                .put("kid", key.kid());
    }

    @Override
    public String toString() {
        return "SigningKeys" + keys.current().keys();
    }

    SigningKey signing() {
        return keys.current().signing(clock.instant());
    }

    private List<SigningKey> published() {
        return keys.current().published(clock.instant(), plan);
    }

    private void update(UnaryOperator<KeySchedule> change) {
        boolean existed = !keys.current().isEmpty();
        keys.update(
                current -> {
                    // creating a new one would lose the keys in it
                    if (existed && current.isEmpty()) {
                        throw StoreException.missing(path);
                    }
                    return change.apply(current);
                });
    }
}
