package services.chorus.seqthink.issuer.keys;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A signing key as its file stores it; see {@link SigningKey}. Files from before 1.0 have {@code
 * state} instead of {@code signsFrom}, and neither {@code alg} (RS256) nor {@code publishedAt}
 * ({@code createdAt}), {@code lead} and {@code grace} (zero).
 *
 * @param pkcs8 the private key, PKCS #8 in DER; base64 in the file
 * @param ageFile the same inside a binary age file; base64 in the file
 */
@RegisterForReflection
public record StoredKey(
        String kid,
        Optional<String> alg,
        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("published_at") Optional<Instant> publishedAt,
        @JsonProperty("signs_from") Optional<Instant> signsFrom,
        Optional<Duration> lead,
        Optional<Duration> grace,
        Optional<State> state,
        Optional<byte[]> pkcs8,
        @JsonProperty("sealed_pkcs8") Optional<byte[]> ageFile) {

    /** The role of a key in a file from before 1.0, where exactly one key was signing. */
    @RegisterForReflection
    enum State {
        SIGNING,
        VERIFYING
    }

    public StoredKey {
        if (pkcs8.isPresent() == ageFile.isPresent()) {
            throw new IllegalArgumentException("A key needs either pkcs8 or sealed_pkcs8");
        }
        if (signsFrom.isPresent() == state.isPresent()) {
            throw new IllegalArgumentException("A key needs either signs_from or state");
        }
    }

    /** Empty when {@code alg} is unknown. */
    Optional<KeyAlgorithm> algorithm() {
        return alg.map(KeyAlgorithm::named).orElse(Optional.of(KeyAlgorithm.RS256));
    }

    /** When it signs; a verifying key of an old file has signed before all others. */
    Instant begins() {
        return signsFrom.orElseGet(() -> signs() ? createdAt : Instant.EPOCH);
    }

    boolean signs() {
        return state.filter(State.SIGNING::equals).isPresent();
    }

    void wipe() {
        pkcs8.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
    }

    @Override
    public String toString() {
        return "StoredKey[kid=" + kid + "]";
    }

    /** The content of the key file. */
    @RegisterForReflection
    public record Document(List<StoredKey> keys) {

        public Document {
            keys = List.copyOf(keys);
        }

        /** Whether it is from before 1.0. */
        boolean hasStates() {
            return keys.stream().anyMatch(key -> key.state().isPresent());
        }

        public List<String> kids() {
            return keys.stream().map(StoredKey::kid).toList();
        }

        public void wipe() {
            keys.forEach(StoredKey::wipe);
        }
    }
}
