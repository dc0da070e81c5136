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
import services.chorus.seqthink.policy.SignatureAlgorithm;

/**
 * The issuer's keys, kept in one file: one that signs, one at most that is published to sign next,
 * and those that only still verify. A change of the file by another process is seen within two
 * seconds; a file that became broken, or went away, leaves the keys as they were and says so in the
 * log. Whatever opens or changes the file throws a {@link StoreException} when it cannot be used as
 * it is. Safe for use by several threads; open it once in a process.
 */
public final class SigningKeys {

    /**
     * A key of the JWKS, as far as anyone may know it.
     *
     * @param kid its name there
     * @param signsFrom when it signs
     */
    public record PublishedKey(String kid, Instant signsFrom) {

        private static PublishedKey of(SigningKey key) {
            return new PublishedKey(key.kid(), key.signsFrom());
        }
    }

    /** A rotation that is not begun, since the next key is published already. */
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
    private volatile boolean asWanted;

    private SigningKeys(
            StoreFile<KeySchedule> file, boolean asWanted, KeyPlan plan, InstantSource clock) {
        this.path = file.path();
        this.keys = new LiveDocument<>(file, KeySchedule.EMPTY, "signing keys", clock);
        this.asWanted = asWanted;
        this.plan = plan;
        this.clock = clock;
    }

    /**
     * Opens the key file; where there is none, makes one with a first key, readable by its owner
     * only. Of several processes that do so at once, one makes it and all use it. Nothing else is
     * written before {@link #maintain}.
     *
     * @throws StoreException when the file cannot be used as it is; it is never overwritten
     */
    public static SigningKeys open(
            Path path, KeyPlan plan, KeyStorage atRest, InstantSource clock) {
        Optional<StoredKey.Document> found = KeyStorage.stored(path).read();
        boolean asWanted =
                found.stream().flatMap(all -> all.keys().stream()).allMatch(atRest::isAsWanted);
        found.ifPresent(StoredKey.Document::wipe);
        var keys = new SigningKeys(atRest.file(path), asWanted, plan, clock);
        if (keys.keys.current().isEmpty()) {
            keys.maintain();
        }
        return keys;
    }

    /**
     * Publishes the next key when it is due, drops those that are needed no more, and rewrites
     * private keys that are not stored as wanted. Does nothing, most of the time.
     */
    public void maintain() {
        if (!asWanted || keys.current().needsMaintenance(clock.instant(), plan)) {
            update(present -> present.maintained(clock.instant(), plan));
            asWanted = true;
        }
    }

    /**
     * Publishes a successor of the key that signs; it signs once every verifier knows it. Times
     * that a clock set which was far ahead are corrected by this one.
     *
     * @return the successor
     * @throws KeyWaitingException when there is one already
     */
    public PublishedKey rotate() {
        update(present -> present.rotated(clock.instant(), plan));
        return PublishedKey.of(keys.current().waiting(clock.instant()).orElseThrow());
    }

    /**
     * Has a new key sign at once and drops all others, though verifiers do not know it yet.
     *
     * @return the keys that were dropped, in the order in which they signed
     */
    public List<PublishedKey> replace() {
        List<PublishedKey> dropped = new ArrayList<>();
        update(
                present -> {
                    present.keys().stream().map(PublishedKey::of).forEach(dropped::add);
                    return KeySchedule.replaced(
                            present.keys().getLast().algorithm(), clock.instant(), plan);
                });
        return List.copyOf(dropped);
    }

    /** The key that signs now. */
    public PublishedKey current() {
        return PublishedKey.of(signing());
    }

    /** How long the key that signs has done so. */
    public Duration age() {
        Duration age = Duration.between(signing().signsFrom(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** How long until another key signs; negative when that is late. */
    public Duration untilRotation() {
        Instant now = clock.instant();
        return Duration.between(now, keys.current().nextRotation(now, plan));
    }

    /** The JWK set (RFC 7517 section 5) of the public halves, as JSON. */
    public String jwks() {
        return new JsonWebKeySet(published().stream().map(SigningKey::publicJwk).toList())
                .toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /** What an operator should hear about the file, though it can be used: a sentence each. */
    public List<String> warnings() {
        return keys.warnings();
    }

    /** Why the last key is not of the algorithm that is set; empty when it is. */
    Optional<String> heldBack() {
        KeyAlgorithm last = keys.current().keys().getLast().algorithm();
        return last == plan.algorithm()
                ? Optional.empty()
                : Optional.of(
                        ("ISSUER_ALGORITHM is %1$s, and the last signing key is for %2$s: that"
                                        + " changes when no key waits and none for %1$s is published;"
                                        + " set it alike wherever the key file is used")
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
            throw new IllegalStateException("Key " + key.kid() + " does not sign", e);
        }
    }

    /** What one of these keys signed as a JWS of that {@code typ}; empty for all else. */
    public Optional<ObjectNode> verified(String type, String compact) {
        return CompactJws.parse(compact)
                .filter(jws -> published().stream().anyMatch(key -> isSigned(jws, key, type)))
                .map(CompactJws::payload);
    }

    private static boolean isSigned(CompactJws jws, SigningKey key, String type) {
        return jws.header().equals(header(key, type))
                && SignatureAlgorithm.named(key.algorithm().jwsName())
                        .orElseThrow()
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

    /** A file that went away is not begun anew: the keys in it would be lost. */
    private void update(UnaryOperator<KeySchedule> change) {
        boolean begun = !keys.current().isEmpty();
        keys.update(
                present -> {
                    if (begun && present.isEmpty()) {
                        throw StoreException.missing(path);
                    }
                    return change.apply(present);
                });
    }
}
