package services.chorus.seqthink.issuer.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static services.chorus.seqthink.issuer.clients.Asserting.keys;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.HandMadeJws;

class PublicKeysTest {

    private final HandMadeJws key = HandMadeJws.generate();

    @Test
    void readsAJwkOrASet() {
        assertThat(keys(key.publicJwk()).thumbprints()).containsExactly(key.fingerprint());
        assertThat(keys(setOf(key.publicJwk())).thumbprints()).containsExactly(key.fingerprint());
    }

    @Test
    void refusesAPrivateKeyWithoutRepeatingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys(key.privateJwk()))
                .withMessageContaining("public key only")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(key.d()));
        assertThatIllegalArgumentException().isThrownBy(() -> keys(setOf(key.privateJwk())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys("{\"kty\":\"oct\",\"k\":\"AAAA\"}"));
    }

    @Test
    void refusesAnRsaKeyOfFewerThan2048Bits() {
        String weak = OtherKey.rsa("RS256", "SHA256withRSA", 1024).publicJwk();
        String strong = OtherKey.rsa("RS256", "SHA256withRSA", 2048).publicJwk();

        assertThat(keys(strong).thumbprints()).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys(weak))
                .withMessageContaining("2048");
    }

    @Test
    void refusesASetWithAnUnsupportedKey() {
        String forEncryption = key.publicJwk().replace("}", ",\"use\":\"enc\"}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys(setOf(key.publicJwk() + "," + forEncryption)));
    }

    @Test
    void acceptsEightKeysAtMost() {
        assertThat(keys(setOf(times(8))).thumbprints()).hasSize(8);
        assertThatIllegalArgumentException().isThrownBy(() -> keys(setOf(times(9))));
        assertThatIllegalArgumentException().isThrownBy(() -> keys(setOf("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[1]}", "ssh-ed25519 AAAA"})
    void refusesAMalformedKey(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys(text))
                .withMessageContaining("public key");
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.signing.Ed25519PublicKeyTest#unsound")
    void refusesAnUnsoundKey(String x) {
        String unsound = key.publicJwk().replace(key.x(), x);

        assertThatIllegalArgumentException().isThrownBy(() -> keys(unsound));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys(setOf(key.publicJwk() + "," + unsound)));
    }

    private String times(int count) {
        return String.join(",", IntStream.range(0, count).mapToObj(_ -> key.publicJwk()).toList());
    }

    private static String setOf(String keys) {
        return "{\"keys\":[" + keys + "]}";
    }
}
