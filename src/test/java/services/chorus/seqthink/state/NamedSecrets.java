package services.chorus.seqthink.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Stream;
import services.chorus.seqthink.hash.Sha256;

/** Secrets that are derived from names and that a test can change. */
final class NamedSecrets implements StateSecrets {

    private volatile List<Secret> current;

    NamedSecrets(String... names) {
        change(names);
    }

    void change(String... names) {
        current = Stream.of(names).<Secret>map(Named::new).toList();
    }

    @Override
    public List<Secret> current() {
        return current;
    }

    private record Named(String fingerprint) implements Secret {

        @Override
        public byte[] deriveKey(String label) {
            return Sha256.digest().digest((fingerprint + "/" + label).getBytes(UTF_8));
        }
    }
}
