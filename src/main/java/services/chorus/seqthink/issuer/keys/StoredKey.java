package services.chorus.seqthink.issuer.keys;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A signing key as it stands in the file.
 *
 * @param alg the {@code alg} of what it signs; RS256 where it is left out, as before 1.0
 * @param publishedAt when it came into the JWKS; when it was made where that is left out
 * @param signsFrom when it begins to sign; left out before 1.0
 * @param lead the longest that a key had to be published before it signs, while this one was there
 * @param grace the longest that a key stayed published after it signed, while this one was there
 * @param state what it was for, before 1.0
 * @param pkcs8 the private key, PKCS #8 in DER; base64 in the file
 * @param ageFile the same inside an age file, binary; base64 in the file
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

    /** What a key was for before 1.0, when the file said so. */
    @RegisterForReflection
    enum State {
        /** Signed; exactly one key did. */
        SIGNING,
        /** Signed no more. */
        VERIFYING
    }

    public StoredKey {
        if (pkcs8.isPresent() == ageFile.isPresent()) {
            throw new IllegalArgumentException("A key is either sealed or not");
        }
        if (signsFrom.isPresent() == state.isPresent()) {
            throw new IllegalArgumentException("A key has either a time or a state");
        }
    }

    /** Empty when it is one that no key here has. */
    Optional<KeyAlgorithm> algorithm() {
        return alg.map(KeyAlgorithm::named).orElse(Optional.of(KeyAlgorithm.RS256));
    }

    /** When it begins to sign; a key that signed no more did so before any other. */
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

    /** The whole file. */
    @RegisterForReflection
    public record Document(List<StoredKey> keys) {

        public Document {
            keys = List.copyOf(keys);
        }

        /** Whether it was written before 1.0. */
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
