package services.chorus.seqthink.issuer.keys;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * A signing key as it stands in the file.
 *
 * @param pkcs8 the private key, PKCS #8 in DER; base64 in the file
 */
@RegisterForReflection
record StoredKey(
        String kid, @JsonProperty("created_at") Instant createdAt, State state, byte[] pkcs8) {

    /** What a key is for at present. */
    enum State {
        /** Signs new tokens; exactly one key does. */
        SIGNING,
        /** Signs no more; published so that the tokens it signed still verify. */
        VERIFYING
    }

    StoredKey {
        requireNonNull(kid, "kid is null");
        requireNonNull(createdAt, "createdAt is null");
        requireNonNull(state, "state is null");
        requireNonNull(pkcs8, "pkcs8 is null");
    }

    void wipe() {
        Arrays.fill(pkcs8, (byte) 0);
    }

    @Override
    public String toString() {
        return "StoredKey[kid=" + kid + "]";
    }

    /** The whole file. */
    @RegisterForReflection
    record Document(List<StoredKey> keys) {

        Document {
            keys = List.copyOf(keys);
        }
    }
}
