package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Client;

class ProofTest {

    private static final byte[] CONTENT = "content".getBytes(UTF_8);

    @Test
    void coversOnlyTheContentWithItsHash() {
        Proof proof = new Proof("id", "thumbprint", Optional.of(Client.sha256(CONTENT)));

        assertThat(proof.covers(CONTENT)).isTrue();
        assertThat(proof.covers(new byte[0])).isFalse();
        assertThat(proof.covers("Content".getBytes(UTF_8))).isFalse();
    }

    @Test
    void coversNothingWithoutARequestHash() {
        assertThat(new Proof("id", "thumbprint", Optional.empty()).covers(CONTENT)).isFalse();
        assertThat(new Proof("id", "thumbprint", Optional.of("")).covers(CONTENT)).isFalse();
        assertThat(
                        new Proof("id", "thumbprint", Optional.of(Client.sha256(CONTENT) + "="))
                                .covers(CONTENT))
                .isFalse();
    }
}
