package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import services.chorus.seqthink.policy.dpop.ProvenRequest.BoundToken;
import services.chorus.seqthink.sealing.ProtocolVectors;
import services.chorus.seqthink.testing.Client;

/** The gateway verifies proofs as the vectors in {@code docs/vectors} require. */
class ProofVectorsTest {

    @TestFactory
    Stream<DynamicTest> proofs() throws IOException {
        JsonNode file = ProtocolVectors.read("proofs.json");
        Duration window = Duration.ofSeconds(file.get("replay_window").longValue());
        ProofVerifier verifier =
                new ProofVerifier(
                        window,
                        window,
                        Instant.EPOCH,
                        InstantSource.fixed(Instant.ofEpochSecond(file.get("now").longValue())));
        ProvenRequest request =
                new ProvenRequest(
                        file.get("method").textValue(),
                        file.get("url").textValue(),
                        Optional.of(
                                new BoundToken(
                                        Client.sha256(
                                                file.get("token").textValue().getBytes(US_ASCII)),
                                        file.get("thumbprint").textValue())));
        byte[] sealed = Base64.getDecoder().decode(file.get("sealed").textValue());
        return ProtocolVectors.tests(
                file,
                vector -> {
                    boolean accepted =
                            verifier.verify(values(vector), request)
                                            instanceof ProofVerdict.Accepted(Proof proof)
                                    && proof.covers(sealed);
                    assertThat(accepted ? "accepted" : "refused")
                            .isEqualTo(vector.get("expect").textValue());
                });
    }

    private static List<String> values(JsonNode vector) {
        return StreamSupport.stream(vector.get("dpop").spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}
