package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.state.StateSecrets.Secret;
import services.chorus.seqthink.testing.AgeKey;

class KeyringSecretsTest {

    @Test
    void areDerivedFromTheCurrentIdentitiesInOrder() {
        KeyIdentity old = AgeKey.generate().identity();
        KeyIdentity current = AgeKey.generate().identity();
        List<List<KeyIdentity>> now = new ArrayList<>(List.of(List.of(old)));
        KeyringSecrets secrets = new KeyringSecrets(now::getLast);
        Secret before = secrets.current().getFirst();

        now.add(List.of(current, old));

        assertThat(secrets.current())
                .extracting(Secret::fingerprint)
                .containsExactly(current.recipient().fingerprint(), old.recipient().fingerprint());
        assertThat(secrets.current().getLast()).isEqualTo(before);
        assertThat(secrets.current().getLast().deriveKey("a"))
                .isEqualTo(old.deriveKey("a"))
                .isNotEqualTo(old.deriveKey("b"));
    }

    @Test
    void toStringHidesThem() {
        AgeKey key = AgeKey.generate();

        assertThat(new KeyringSecrets(() -> List.of(key.identity())).current().toString())
                .doesNotContain(key.secret());
    }
}
