package services.chorus.seqthink.issuer.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.X25519Identity;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.HandMovedClock;

class AtRestTest {

    private static final Pattern BASE64 = Pattern.compile("pkcs8\"\\s*:\\s*\"([^\"]+)\"");

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void writesNoPrivateKeyInTheClear(KeyAlgorithm algorithm) throws IOException {
        SigningKeys keys = open(algorithm, sealedTo("one"));
        keys.rotate();
        clock.advance(TestKeys.LEAD);
        SigningKey key = keys.signing();

        assertThat(secretsIn(Files.readAllBytes(path()), key)).isEmpty();
        assertThat(Files.readString(path())).doesNotContain("\"pkcs8\"");
    }

    @ParameterizedTest
    @EnumSource
    void findsPrivateKeysThatAreInTheClear(KeyAlgorithm algorithm) throws IOException {
        SigningKeys keys = open(algorithm, KeyStorage.clear());

        assertThat(secretsIn(Files.readAllBytes(path()), keys.signing())).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void opensTheSameKeysAgain(KeyAlgorithm algorithm) throws IOException {
        SigningKeys before = open(algorithm, sealedTo("one"));

        SigningKeys after = open(algorithm, sealedTo("one"));

        assertThat(after.jwks()).isEqualTo(before.jwks());
        assertThat(after.verified("at+jwt", before.sign("at+jwt", "{}"))).isPresent();
    }

    @Test
    void sealsKeysThatWereInTheClear() throws IOException {
        String kid = open(KeyAlgorithm.EDDSA, KeyStorage.clear()).current().kid();

        SigningKeys keys = open(KeyAlgorithm.EDDSA, sealedTo("one"));
        keys.maintain();

        assertThat(secretsIn(Files.readAllBytes(path()), keys.signing())).isEmpty();
        assertThat(keys.current().kid()).isEqualTo(kid);
        byte[] sealed = Files.readAllBytes(path());
        keys.maintain();
        assertThat(path()).hasBinaryContent(sealed);
    }

    @Test
    void sealsKeysAgainWhenTheFirstIdentityChanges() throws IOException {
        String kid = open(KeyAlgorithm.EDDSA, sealedTo("old")).current().kid();

        open(KeyAlgorithm.EDDSA, sealedTo("new", "old")).maintain();

        assertThat(open(KeyAlgorithm.EDDSA, sealedTo("new")).current().kid()).isEqualTo(kid);
    }

    @Test
    void saysWhatToSetWhenSealedKeysAreFoundWithoutAnIdentity() throws IOException {
        open(KeyAlgorithm.EDDSA, sealedTo("one"));
        byte[] before = Files.readAllBytes(path());

        assertThatThrownBy(() -> open(KeyAlgorithm.EDDSA, KeyStorage.clear()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("set it to the identities file")
                .hasMessageContaining("ISSUER_IDENTITY_PATH");
        assertThat(path()).hasBinaryContent(before);
    }

    @Test
    void saysWhatToDoWhenNoIdentityOpensTheKeys() throws IOException {
        open(KeyAlgorithm.EDDSA, sealedTo("one"));

        assertThatThrownBy(() -> open(KeyAlgorithm.EDDSA, sealedTo("another")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no identity in ISSUER_IDENTITY_PATH opens");
    }

    @Test
    void refusesASealedKeyThatWasChanged() throws IOException {
        open(KeyAlgorithm.EDDSA, sealedTo("one"));
        String sealed =
                new ObjectMapper().readTree(path().toFile()).findPath("sealed_pkcs8").asText();
        byte[] changed = Base64.getDecoder().decode(sealed);
        changed[changed.length - 1] ^= 1;
        Files.writeString(
                path(),
                Files.readString(path())
                        .replace(sealed, Base64.getEncoder().encodeToString(changed)));

        assertThatThrownBy(() -> open(KeyAlgorithm.EDDSA, sealedTo("one")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("changed");
    }

    @Test
    void refusesAMalformedIdentitiesFile() throws IOException {
        Path file = Files.writeString(folder.resolve("none.txt"), "no identity\n");

        assertThatThrownBy(() -> KeyStorage.sealedTo(file))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("Line 1")
                .hasMessageNotContaining("no identity");
    }

    private SigningKeys open(KeyAlgorithm algorithm, KeyStorage atRest) {
        return TestKeys.open(path(), algorithm, atRest, clock);
    }

    /** An identities file with these identities, each generated at its first use. */
    private KeyStorage sealedTo(String... names) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : names) {
            Path file = folder.resolve(name);
            if (Files.notExists(file)) {
                try (X25519Identity identity = X25519Identity.generate()) {
                    Files.write(file, identity.encode());
                }
            }
            all.append(Files.readString(file)).append('\n');
        }
        return KeyStorage.sealedTo(Files.writeString(folder.resolve("identities.txt"), all));
    }

    /** The encodings of the key's private numbers that the file contains. */
    private static List<String> secretsIn(byte[] file, SigningKey key) {
        String text = new String(file, US_ASCII);
        String decoded =
                BASE64.matcher(text)
                        .results()
                        .map(found -> Base64.getDecoder().decode(found.group(1)))
                        .map(HexFormat.of()::formatHex)
                        .collect(joining(" "));
        return numbers(key.pair().getPrivate())
                .flatMap(
                        number ->
                                Stream.of(
                                                Base64.getEncoder().encodeToString(number),
                                                Base64.getUrlEncoder()
                                                        .withoutPadding()
                                                        .encodeToString(number),
                                                HexFormat.of().formatHex(number))
                                        .filter(
                                                form ->
                                                        text.contains(form)
                                                                || decoded.contains(form)))
                .toList();
    }

    private static Stream<byte[]> numbers(PrivateKey key) {
        return switch (key) {
            case RSAPrivateCrtKey rsa ->
                    Stream.of(rsa.getPrivateExponent(), rsa.getPrimeP(), rsa.getPrimeQ())
                            .map(AtRestTest::bytes);
            case EdECPrivateKey ed -> Stream.of(ed.getBytes().orElseThrow());
            default -> throw new AssertionError("unexpected key type");
        };
    }

    /** Without the sign byte. */
    private static byte[] bytes(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private Path path() {
        return folder.resolve("keys.json");
    }
}
