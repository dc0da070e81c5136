package services.chorus.seqthink.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.signing.Ed25519Key.Ed25519KeyException;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.HandMadeJws;

class Ed25519KeyTest {

    // RFC 8037 appendix A.1 to A.3
    private static final String PUBLISHED =
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                    + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                    + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

    private final HandMadeJws other = HandMadeJws.generate();

    @TempDir Path folder;

    @Test
    void hasTheThumbprintOfTheRfcExample() throws IOException {
        assertThat(Ed25519Key.parse(PUBLISHED.getBytes(UTF_8)).fingerprint())
                .isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    @Test
    void readsBackWhatItWrites() throws IOException {
        Ed25519Key key = Ed25519Key.generate();
        Path file = Files.write(folder.resolve("key"), key.encode());

        assertThat(Ed25519Key.read(file).fingerprint()).isEqualTo(key.fingerprint());
        assertThat(Ed25519Key.read(file).encode()).isEqualTo(key.encode());
        assertThat(Ed25519Key.generate().fingerprint()).isNotEqualTo(key.fingerprint());
    }

    @Test
    void readsAKeyOfAnotherImplementation() throws IOException {
        assertThat(parse(other.privateJwk()).fingerprint()).isEqualTo(other.fingerprint());
    }

    @Test
    void rejectsMalformedKeys() {
        String good = other.privateJwk();
        List<String> wrong =
                List.of(
                        "",
                        "[]",
                        other.publicJwk(),
                        good + good,
                        good.replace("OKP", "EC"),
                        good.replace("Ed25519", "X25519"),
                        good.replace("Ed25519", "Ed448"),
                        good.replace("{", "{\"kty\":\"OKP\","),
                        good.replace("{", "{\"kid\":\"1\","),
                        good.replace(other.d(), other.d() + "="),
                        good.replace(other.d(), other.d().substring(1)),
                        good.replace(other.d(), "AA" + other.d()),
                        good.replace(other.x(), HandMadeJws.generate().x()),
                        good.replace(other.d(), HandMadeJws.generate().d()),
                        good.replace("\"" + other.d() + "\"", "1"));

        assertThat(wrong)
                .allSatisfy(
                        jwk ->
                                assertThatExceptionOfType(Ed25519KeyException.class)
                                        .isThrownBy(() -> parse(jwk))
                                        .withMessageNotContainingAny(other.d(), other.x()));
    }

    @Test
    void isUnusableWhenClosed() {
        Ed25519Key key = Ed25519Key.generate();
        key.close();

        assertThatIllegalStateException().isThrownBy(key::encode);
        assertThatIllegalStateException().isThrownBy(key::signingKey);
    }

    @Test
    void toStringShowsOnlyTheFingerprint() {
        Ed25519Key key = Ed25519Key.generate();
        Canaries.note(new String(key.encode(), US_ASCII).strip());

        assertThat(key.toString()).isEqualTo("Ed25519Key[" + key.fingerprint() + "]");
    }

    private static Ed25519Key parse(String jwk) throws Ed25519KeyException {
        return Ed25519Key.parse(jwk.getBytes(UTF_8));
    }
}
