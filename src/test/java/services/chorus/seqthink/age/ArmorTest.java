package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArmorTest {

    private static final String LINE = "A".repeat(64) + "\n";
    private static final String BEGIN = Armor.BEGIN + "\n";

    static IntStream sizes() {
        return IntStream.concat(IntStream.rangeClosed(1, 200), IntStream.of(4096, 70_000));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void removesTheArmorItWrote(int size) throws IOException {
        byte[] binary = new byte[size];
        new Random(size).nextBytes(binary);
        byte[] armored = Armor.armor(binary);

        assertThat(Armor.isArmored(armored)).isTrue();
        assertThat(Armor.dearmor(armored)).isEqualTo(binary);
        assertThat(new String(armored, US_ASCII).lines()).allMatch(line -> line.length() <= 64);
        assertThat(streamed(binary)).isEqualTo(armored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN AGE ENCRYPTED FILE-----\r\nAAAA\n-----END AGE ENCRYPTED FILE-----\r\n",
                "-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\r\n-----END AGE ENCRYPTED FILE-----\n",
                "-----BEGIN AGE ENCRYPTED FILE-----\rAAAA\r-----END AGE ENCRYPTED FILE-----\r",
                "-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n\n-----END AGE ENCRYPTED FILE-----\n",
                "-----BEGIN AGE ENCRYPTED FILE-----\nAA==\nAAAA\n-----END AGE ENCRYPTED FILE-----\n",
                "-----BEGIN AGE ENCRYPTED FILE-----\nAB==\n-----END AGE ENCRYPTED FILE-----\n",
                "-----BEGIN AGE ENCRYPTED FILE-----\nAA=\n-----END AGE ENCRYPTED FILE-----\n",
                "-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE-----\nmore",
                "-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE----",
                "-----BEGIN AGE ENCRYPTED FILE-----\nAAAA",
                "-----BEGIN AGE ENCRYPTED FILE-----",
                "-----BEGIN SOMETHING ELSE-----\nAAAA\n-----END SOMETHING ELSE-----\n",
                "",
            })
    void rejectsNonCanonicalArmor(String armored) {
        assertRefused(armored);
    }

    @Test
    void rejectsALineThatIsTooLongOrFollowsAShortOne() throws AgeException {
        assertThat(Armor.dearmor(ascii(BEGIN + LINE + LINE + Armor.END))).hasSize(96);
        assertRefused(BEGIN + "A".repeat(68) + "\n" + Armor.END);
        assertRefused(BEGIN + "A".repeat(60) + "\n" + LINE + Armor.END);
        assertRefused(BEGIN + "A".repeat(62) + "==\n" + LINE + Armor.END);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*", "=", "-", " ", "\n", "\r", "\r\n", "AAAAA", "A\nA", "AA==\n", "\u00c4", ""
            })
    void rejectsAFaultInAnyOfManyLines(String fault) throws AgeException {
        for (String lineEnd : new String[] {"\n", "\r\n"}) {
            String line = "A".repeat(64) + lineEnd;
            String begin = Armor.BEGIN + lineEnd;
            assertThat(Armor.dearmor(ascii(begin + line.repeat(700) + Armor.END)))
                    .hasSize(700 * 48);
            for (int before = 0; before < 700; before += 23) {
                for (int at : new int[] {0, 30, 63}) {
                    String wrong = line.substring(0, at) + fault + line.substring(at + 1);
                    assertRefused(
                            begin + line.repeat(before) + wrong + line.repeat(700) + Armor.END);
                }
            }
        }
    }

    @Test
    void rejectsPaddingInAnyLineBeforeTheLast() throws AgeException {
        String padded = "A".repeat(62) + "==\n";
        for (int before = 0; before < 600; before++) {
            String start = BEGIN + LINE.repeat(before) + padded;
            assertThat(Armor.dearmor(ascii(start + Armor.END))).hasSize(before * 48 + 46);
            assertRefused(start + LINE.repeat(300) + Armor.END);
        }
    }

    @Test
    void limitsTheWhitespaceAroundTheArmor() throws AgeException {
        String some = " \t\r\n".repeat(256);
        String body = BEGIN + LINE + Armor.END;

        assertThat(Armor.isArmored(ascii(some + body))).isTrue();
        assertThat(Armor.dearmor(ascii(some + body + some))).hasSize(48);
        assertRefused(some + "\n" + body);
        assertRefused(body + some + "\n");
    }

    @Test
    void recognizesABinaryFile() throws AgeException {
        assertThat(Armor.isArmored(ascii("age-encryption.org/v1\n"))).isFalse();
        assertThat(Armor.isArmored(new byte[0])).isFalse();
        assertThat(Armor.isArmored(ascii("-----"))).isFalse();
    }

    private static byte[] streamed(byte[] binary) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (OutputStream armor = Armor.armor(target)) {
            armor.write(binary[0]);
            armor.write(binary, 1, binary.length - 1);
        }
        return target.toByteArray();
    }

    private static void assertRefused(String armored) {
        assertThatThrownBy(() -> Armor.dearmor(ascii(armored)))
                .isInstanceOfSatisfying(
                        AgeException.class,
                        e -> assertThat(e.kind()).isEqualTo(AgeException.Kind.ARMOR));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
