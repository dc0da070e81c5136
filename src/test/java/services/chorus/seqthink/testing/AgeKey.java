package services.chorus.seqthink.testing;

import java.nio.charset.StandardCharsets;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.X25519Identity;

/** A test's age key, noted as a secret. */
public record AgeKey(KeyIdentity identity) {

    public static AgeKey generate() {
        KeyIdentity identity = X25519Identity.generate();
        AgeKey keys = new AgeKey(identity);
        Canaries.note(keys.secret());
        return keys;
    }

    public String secret() {
        return new String(identity.encode(), StandardCharsets.US_ASCII);
    }

    public String recipient() {
        return identity.recipient().toString();
    }
}
