package services.chorus.seqthink.sealing;

import java.util.List;
import java.util.function.Supplier;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.state.StateSecrets;

/**
 * Seals shared state under keys derived from the identities.
 *
 * @param identities returns the present ones, the current one first
 */
public record KeyringSecrets(Supplier<List<KeyIdentity>> identities) implements StateSecrets {

    @Override
    public List<Secret> current() {
        return identities.get().stream().<Secret>map(Derived::new).toList();
    }

    private record Derived(KeyIdentity identity) implements Secret {

        @Override
        public String fingerprint() {
            return identity.recipient().fingerprint();
        }

        @Override
        public byte[] deriveKey(String label) {
            return identity.deriveKey(label);
        }
    }
}
