package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static services.chorus.seqthink.sealing.Correspondence.NOW;
import static services.chorus.seqthink.sealing.Correspondence.ROUTE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.OutgoingRequest;
import services.chorus.seqthink.client.OutgoingRequest.Addressing;
import services.chorus.seqthink.client.Reply;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.sealing.Sealing.Incoming;

/** The strings of records do not reveal secrets, in case they are logged. */
class HiddenSecretsTest {

    private static final String SECRET = "a-secret-of-32-characters-exactly";

    private final Correspondence post = Correspondence.start();

    @Test
    void aRequestShowsNoPlaintextNoSessionAndNoId() {
        ObjectNode request =
                post.request().put("tool", SECRET).put("request_id", SECRET).put("session", SECRET);

        Incoming accepted = post.open(request);
        Incoming refused = post.open(request.put("issued_at", 0));

        assertThat(accepted).isInstanceOf(Incoming.Accepted.class);
        assertThat(refused).isInstanceOf(Incoming.Refused.class);
        assertThat(List.of(accepted, ((Incoming.Accepted) accepted).from(), refused))
                .allSatisfy(each -> assertThat(each.toString()).doesNotContain(SECRET));
    }

    @Test
    void anOutgoingRequestShowsNoTokenAndNoId() throws Exception {
        Addressing addressing =
                new Addressing(SECRET, ROUTE, Optional.empty(), Optional.of(SECRET));
        OutgoingRequest request =
                OutgoingRequest.seal(
                        StrictJson.object(),
                        addressing,
                        List.of(post.door().identity().recipient()),
                        Encoding.BINARY,
                        NOW);

        assertThat(addressing.toString()).contains(ROUTE).doesNotContain(SECRET);
        assertThat(request.toString())
                .contains(request.binding().requestHash())
                .doesNotContain(request.binding().requestId());
        assertThat(new Binding(SECRET, "hash").toString()).doesNotContain(SECRET);
    }

    @Test
    void aReplyShowsNoPlaintext() {
        Reply genuine = new Reply(200, StrictJson.object().put("result", SECRET));
        ObjectNode other = StrictJson.object().put("request_id", SECRET).put("result", SECRET);

        assertThat(genuine.toString()).contains("200").doesNotContain(SECRET);
        assertThatExceptionOfType(CallFailed.class)
                .isThrownBy(() -> Reply.verify(StrictJson.write(other), new Binding("id", "hash")))
                .withMessageNotContaining(SECRET);
    }

    @Test
    void aKeyringShowsNoIdentity() {
        Keyring keyring =
                new Keyring(1, Optional.empty(), List.of(post.door().identity()), List.of());

        assertThat(keyring.toString())
                .contains(post.door().identity().recipient().fingerprint())
                .doesNotContain(post.door().secret().substring(16));
    }
}
