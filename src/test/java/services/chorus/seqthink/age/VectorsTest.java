package services.chorus.seqthink.age;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorsTest {

    private static final int ENOUGH = 64 << 20;

    static List<Vector> all() throws Exception {
        return Vectors.all();
    }

    static List<Vector> successes() throws Exception {
        return all().stream().filter(vector -> vector.expected().equals("success")).toList();
    }

    @Test
    void areComplete() throws Exception {
        assertThat(all()).hasSize(143);
    }

    @ParameterizedTest
    @MethodSource("all")
    void giveTheExpectedResultFromAStream(Vector vector) throws Exception {
        ByteArrayOutputStream plaintext = new ByteArrayOutputStream();

        assertThat(outcome(vector, plaintext)).isEqualTo(vector.expected());
        assertThat(sha256(plaintext.toByteArray()))
                .isEqualTo(vector.payloadHash().orElseGet(() -> sha256(new byte[0])));
    }

    @ParameterizedTest
    @MethodSource("all")
    void giveTheExpectedResultInMemory(Vector vector) throws AgeException {
        switch (AgeFile.open(vector.file(), vector.identities(), ENOUGH)) {
            case Opened.Plaintext opened -> {
                assertThat(vector.expected()).isEqualTo("success");
                assertThat(vector.payloadHash()).contains(sha256(opened.bytes()));
            }
            case Opened.NoIdentityMatched() -> assertThat(vector.expected()).isEqualTo("no match");
            case Opened.Malformed malformed -> assertThat(vector.expected()).endsWith(" failure");
            case Opened.TooLarge(int ignored) -> throw new AssertionError("too large");
        }
    }

    @ParameterizedTest
    @MethodSource("successes")
    void haveTheHeaderThatWeWrite(Vector vector) throws AgeException {
        byte[] binary = vector.armored() ? Armor.dearmor(vector.file()) : vector.file();
        Header header = Header.parse(binary);
        FileKey fileKey = new FileKey(HexFormat.of().parseHex(vector.fileKey().orElseThrow()));

        assertThat(Header.encode(header.stanzas(), fileKey))
                .isEqualTo(Arrays.copyOf(binary, header.length()));
    }

    private static String outcome(Vector vector, ByteArrayOutputStream plaintext)
            throws IOException {
        try {
            byte[] binary = vector.armored() ? Armor.dearmor(vector.file()) : vector.file();
            AgeStream.open(new ByteArrayInputStream(binary), plaintext, vector.identities());
            return "success";
        } catch (AgeException e) {
            return switch (e.kind()) {
                case ARMOR -> "armor failure";
                case HEADER -> "header failure";
                case NO_MATCH -> "no match";
                case MAC -> "HMAC failure";
                case PAYLOAD -> "payload failure";
                case KEY, SEALING -> e.getMessage();
            };
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
