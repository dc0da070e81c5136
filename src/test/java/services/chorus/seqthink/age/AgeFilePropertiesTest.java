package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Properties of all files, tested with random ones. */
class AgeFilePropertiesTest {

    private static final int ENOUGH = 1 << 20;

    private final List<KeyIdentity> x25519 =
            Stream.<KeyIdentity>generate(X25519Identity::generate).limit(4).toList();
    private final List<KeyIdentity> hybrid =
            Stream.<KeyIdentity>generate(HybridIdentity::generate).limit(4).toList();

    @Property(tries = 60)
    void opensToThePlaintextThatWasSealed(
            @ForAll("sizesAroundChunks") int size,
            @ForAll long seed,
            @ForAll Encoding encoding,
            @ForAll boolean postQuantum)
            throws AgeException {
        List<KeyIdentity> identities = postQuantum ? hybrid : x25519;
        byte[] plaintext = plaintext(size, seed);
        byte[] sealed =
                AgeFile.seal(plaintext, List.of(identities.getFirst().recipient()), encoding);

        assertThat(AgeFile.open(sealed, identities, ENOUGH))
                .isInstanceOfSatisfying(
                        Opened.Plaintext.class,
                        opened -> assertThat(opened.bytes()).isEqualTo(plaintext));
    }

    @Property(tries = 100)
    void onlyTheRecipientsOpenAFile(
            @ForAll @IntRange(min = 1, max = 15) int sealedTo, @ForAll boolean postQuantum)
            throws AgeException {
        List<KeyIdentity> identities = postQuantum ? hybrid : x25519;
        byte[] sealed =
                AgeFile.seal(
                        new byte[1],
                        chosen(identities, sealedTo).map(KeyIdentity::recipient).toList(),
                        Encoding.BINARY);

        List<KeyIdentity> opened =
                identities.stream()
                        .filter(
                                identity ->
                                        AgeFile.open(sealed, List.of(identity), ENOUGH)
                                                instanceof Opened.Plaintext)
                        .toList();
        assertThat(opened).isEqualTo(chosen(identities, sealedTo).toList());
    }

    @Property(tries = 1000)
    void aChangedByteNeverOpens(
            @ForAll @IntRange(max = 300) int size,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int place,
            @ForAll @IntRange(min = 1, max = 255) int change)
            throws AgeException {
        byte[] sealed = seal(size, x25519.getFirst(), Encoding.BINARY);
        sealed[place % sealed.length] ^= (byte) change;

        assertThat(AgeFile.open(sealed, x25519, ENOUGH)).isNotInstanceOf(Opened.Plaintext.class);
    }

    @Property(tries = 300)
    void aChangedByteNeverOpensAPostQuantumFile(
            @ForAll @IntRange(max = Integer.MAX_VALUE) int place,
            @ForAll @IntRange(min = 1, max = 255) int change)
            throws AgeException {
        byte[] sealed = seal(10, hybrid.getFirst(), Encoding.BINARY);
        sealed[place % sealed.length] ^= (byte) change;

        assertThat(AgeFile.open(sealed, hybrid, ENOUGH)).isNotInstanceOf(Opened.Plaintext.class);
    }

    @Property(tries = 1000)
    void aChangedByteOfArmorNeverChangesThePlaintext(
            @ForAll @IntRange(max = 300) int size,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int place,
            @ForAll @IntRange(min = 1, max = 255) int change)
            throws AgeException {
        byte[] armored = seal(size, x25519.getFirst(), Encoding.ARMORED);
        armored[place % armored.length] ^= (byte) change;

        if (AgeFile.open(armored, x25519, ENOUGH)
                instanceof Opened.Plaintext(byte[] bytes, var by)) {
            assertThat(bytes).isEqualTo(plaintext(size, size));
            assertThat(place % armored.length)
                    .as("only the last newline may be another space")
                    .isEqualTo(armored.length - 1);
        }
    }

    @Property(tries = 1000)
    void aTruncatedFileNeverOpens(
            @ForAll("sizesAroundChunks") int size,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int place)
            throws AgeException {
        byte[] sealed = seal(size, x25519.getFirst(), Encoding.BINARY);
        byte[] cut = Arrays.copyOf(sealed, place % sealed.length);

        assertThat(AgeFile.open(cut, x25519, ENOUGH)).isNotInstanceOf(Opened.Plaintext.class);
    }

    @Property(tries = 500)
    void anExtendedFileNeverOpens(
            @ForAll("sizesAroundChunks") int size, @ForAll @IntRange(min = 1, max = 40) int more)
            throws AgeException {
        byte[] sealed = seal(size, x25519.getFirst(), Encoding.BINARY);

        assertThat(AgeFile.open(Arrays.copyOf(sealed, sealed.length + more), x25519, ENOUGH))
                .isNotInstanceOf(Opened.Plaintext.class);
    }

    @Property(tries = 1000)
    void noiseIsMalformed(@ForAll byte[] noise, @ForAll("starts") String start) {
        byte[] begun = start.getBytes(US_ASCII);
        byte[] file = Arrays.copyOf(begun, begun.length + noise.length);
        System.arraycopy(noise, 0, file, begun.length, noise.length);

        assertThat(AgeFile.open(file, x25519, ENOUGH)).isInstanceOf(Opened.Malformed.class);
    }

    @Provide
    Arbitrary<Integer> sizesAroundChunks() {
        return Arbitraries.integers()
                .between(-20, 20)
                .flatMap(
                        near ->
                                Arbitraries.of(0, Payload.CHUNK, 2 * Payload.CHUNK)
                                        .map(border -> Math.max(0, border + near)));
    }

    @Provide
    Arbitrary<String> starts() {
        return Arbitraries.of(
                "",
                "age-encryption.org/v1\n",
                "age-encryption.org/v1\n-> ",
                "age-encryption.org/v1\n-> X25519 ",
                "age-encryption.org/v1\n-> grease\n\n--- ",
                Armor.BEGIN + "\n");
    }

    private static byte[] seal(int size, KeyIdentity to, Encoding encoding) throws AgeException {
        return AgeFile.seal(plaintext(size, size), List.of(to.recipient()), encoding);
    }

    private static byte[] plaintext(int size, long seed) {
        byte[] plaintext = new byte[size];
        new Random(seed).nextBytes(plaintext);
        return plaintext;
    }

    /** Those whose bit is set. */
    private static Stream<KeyIdentity> chosen(List<KeyIdentity> identities, int bits) {
        return identities.stream()
                .filter(identity -> (bits >>> identities.indexOf(identity) & 1) == 1);
    }
}
