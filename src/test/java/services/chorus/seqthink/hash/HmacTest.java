package services.chorus.seqthink.hash;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HmacTest {

    private final Hmac hmac = new Hmac();

    /** RFC 4231 sections 4.2 and 4.3. */
    @Test
    void computesTheHmacExamplesOfTheRfc() {
        assertThat(hex(hmac.mac(filled(20, 0x0b), ascii("Hi There"))))
                .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assertThat(hex(hmac.mac(ascii("Jefe"), ascii("what do ya want for nothing?"))))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void concatenatesTheParts() {
        assertThat(hmac.mac(ascii("key"), ascii("one "), ascii(""), ascii("message")))
                .isEqualTo(hmac.mac(ascii("key"), ascii("one message")));
    }

    /** RFC 5869 appendix A.3, the first 32 of its bytes. */
    @Test
    void derivesTheKeyOfTheRfcExample() {
        byte[] secret = filled(22, 0x0b);
        byte[] extracted = hmac.mac(new byte[Hmac.SIZE], secret);

        assertThat(hex(hmac.derive(secret, "")))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
                .isEqualTo(hex(hmac.derive(secret, new byte[Hmac.SIZE], "")))
                .isEqualTo(hex(hmac.expand(extracted, "")));
        assertThat(secret).isEqualTo(filled(22, 0x0b));
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
