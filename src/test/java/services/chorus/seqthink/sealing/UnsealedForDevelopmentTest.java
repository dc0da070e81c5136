package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.sealing.Sealing.Incoming.Cause;

class UnsealedForDevelopmentTest {

    private final Correspondence post = Correspondence.start();
    private final Sealing unsealed = new UnsealedForDevelopment();

    @Test
    void acceptsPlainJson() {
        ObjectNode request = post.bareRequest();

        Incoming.Accepted accepted =
                assertThat(unsealed.open(StrictJson.write(request), post.expected()))
                        .asInstanceOf(type(Incoming.Accepted.class))
                        .actual();

        assertThat(accepted.request()).isEqualTo(request);
        assertThat(accepted.from().recipients()).isEmpty();
        assertThat(accepted.from().binding()).isEmpty();
        assertThat(unsealed.mediaType()).isEqualTo("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "thought", "{\"tool\":\"a\",\"tool\":\"a\"}"})
    void rejectsMalformedJson(String body) {
        assertThat(unsealed.open(body.getBytes(UTF_8), post.expected()))
                .isEqualTo(new Incoming.Unanswerable(Cause.UNREADABLE));
    }

    @Test
    void rejectsASealedRequest() {
        assertThat(unsealed.open(post.sealed(post.request()), post.expected()))
                .isEqualTo(new Incoming.Unanswerable(Cause.UNREADABLE));
    }

    @Test
    void answersInPlainJson() {
        ReplyTarget anybody =
                ((Incoming.Accepted) unsealed.open("{}".getBytes(UTF_8), post.expected())).from();
        ObjectNode reply = StrictJson.object().put("result", "done");

        assertThat(unsealed.seal(anybody, 200, reply, true))
                .asString(UTF_8)
                .isEqualTo("{\"result\":\"done\"}");
    }
}
