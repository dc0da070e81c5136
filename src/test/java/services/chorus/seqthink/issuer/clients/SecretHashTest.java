package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretHashTest {

    // made with argon2-cffi, which wraps the C reference implementation
    private static final String FOREIGN =
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxNmJ5dGVzIQ"
                    + "$qBzxrM3Si2D3oCgx66fegs1OC16eJSmhPyy10AhkBw8";
    private static final String ITS_SECRET = "correct-horse-battery-staple-0123456789";

    @Test
    void readsWhatTheReferenceImplementationWrote() {
        SecretHash hash = SecretHash.parse(FOREIGN);

        assertThat(hash.is(hash.ofAnother(secret(ITS_SECRET)))).isTrue();
        assertThat(hash.is(hash.ofAnother(secret(ITS_SECRET + "0")))).isFalse();
        assertThat(hash.phc()).isEqualTo(FOREIGN);
    }

    @Test
    void matchesItsOwnSecretAfterBeingStored() {
        SecretHash stored = SecretHash.parse(SecretHash.of(secret(ITS_SECRET)).phc());

        assertThat(stored.is(stored.ofAnother(secret(ITS_SECRET)))).isTrue();
        assertThat(stored.is(stored.ofAnother(secret("another")))).isFalse();
    }

    @Test
    void saltsEachHash() {
        assertThat(SecretHash.of(secret(ITS_SECRET)).phc())
                .isNotEqualTo(SecretHash.of(secret(ITS_SECRET)).phc());
    }

    @Test
    void hidesItselfInText() {
        assertThat(SecretHash.parse(FOREIGN)).hasToString("SecretHash[hidden]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQxNmJ5dGVzIQ"
                        + "$qBzxrM3Si2D3oCgx66fegs1OC16eJSmhPyy10AhkBw8",
                "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQxNmJ5dGVzIQ"
                        + "$qBzxrM3Si2D3oCgx66fegs1OC16eJSmhPyy10AhkBw8",
                "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxNmJ5dGVzIQ$qBzxrM3S",
            })
    void refusesOtherHashes(String phc) {
        assertThatThrownBy(() -> SecretHash.parse(phc))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ClientSecret secret(String text) {
        return ClientSecret.of(text.getBytes(UTF_8));
    }
}
