package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTagTest {

    private final TagSecret secret = new TagSecret(new SecureRandom());
    private final HistoryDigest history = digest(1);

    @Test
    void vouchesForTheHistoryItWasMadeFor() {
        String value = CallerTag.sign(history, secret).value();

        assertThat(CallerTag.verify(value, secret))
                .hasValueSatisfying(tag -> assertThat(tag.history()).isEqualTo(history));
    }

    @Test
    void isWorthNothingUnderAnotherSecret() {
        String value = CallerTag.sign(history, new TagSecret(new SecureRandom())).value();

        assertThat(CallerTag.verify(value, secret)).isEmpty();
    }

    @Test
    void doesNotVouchForAnotherHistory() {
        String mine = CallerTag.sign(history, secret).value();
        String other = CallerTag.sign(digest(2), secret).value();

        assertThat(CallerTag.verify(other.substring(0, 43) + mine.substring(43), secret)).isEmpty();
    }

    @Test
    void breaksWithAnyCharacterChanged() {
        String value = CallerTag.sign(history, secret).value();

        for (int at = 0; at < value.length(); at++) {
            char[] changed = value.toCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            assertThat(CallerTag.verify(new String(changed), secret)).as("at %d", at).isEmpty();
        }
    }

    @Test
    void hasOneSpellingOnly() {
        // The last of 43 characters carries four bits; the two spare ones are not looked at.
        String value = CallerTag.sign(digest(0), secret).value();
        assertThat(value.charAt(42)).isEqualTo('A');

        assertThat(CallerTag.verify(value.substring(0, 42) + 'B' + value.substring(43), secret))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.b", "\u00e9\u00e9.\u00e9"})
    void isNoOtherText(String value) {
        assertThat(CallerTag.verify(value, secret)).isEmpty();
        assertThat(CallerTag.verify("\u00e9".repeat(43) + "." + "A".repeat(43), secret)).isEmpty();
        assertThat(CallerTag.verify("A".repeat(43) + "." + "?".repeat(43), secret)).isEmpty();
    }

    @Test
    void isNotMadeAfterTheSecretWasWiped() {
        secret.close();

        assertThatIllegalStateException().isThrownBy(() -> CallerTag.sign(history, secret));
    }

    @Test
    void showsNothing() {
        CallerTag tag = CallerTag.sign(history, secret);

        assertThat(tag).hasToString("CallerTag");
        assertThat(secret).hasToString("TagSecret");
        assertThat(history).hasToString("HistoryDigest");
    }

    @Test
    void namesAHistoryByThirtyTwoBytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HistoryDigest(new byte[31]));
    }

    private static HistoryDigest digest(int fill) {
        byte[] bytes = new byte[HistoryDigest.LENGTH];
        Arrays.fill(bytes, (byte) fill);
        return new HistoryDigest(bytes);
    }
}
