package services.chorus.seqthink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Caller.Kind;

class HistoryKeyTest {

    @Test
    void equalKeysHaveEqualIds() {
        assertThat(key("i", Kind.SUBJECT, "n", "r", "default").id())
                .isEqualTo(key("i", Kind.SUBJECT, "n", "r", "default").id());
    }

    @Test
    void keysThatDifferInAnyPartHaveDifferentIds() {
        List<HistoryKey> keys =
                List.of(
                        key("i", Kind.SUBJECT, "n", "r", "s"),
                        key("i", Kind.CLIENT, "n", "r", "s"),
                        key("j", Kind.SUBJECT, "n", "r", "s"),
                        key("i", Kind.SUBJECT, "m", "r", "s"),
                        key("i", Kind.SUBJECT, "n", "q", "s"),
                        key("i", Kind.SUBJECT, "n", "", "s"),
                        key("i", Kind.SUBJECT, "n", "r", "t"),
                        // the same characters, split elsewhere
                        key("in", Kind.SUBJECT, "r", "s", "s"),
                        key("i", Kind.SUBJECT, "nr", "", "s"),
                        key("i", Kind.SUBJECT, "n", "", "rs"),
                        // equal once encoded in UTF-8
                        key("i", Kind.SUBJECT, "n", "r", "?"),
                        key("i", Kind.SUBJECT, "n", "r", "\ud800"),
                        key("i", Kind.SUBJECT, "n", "r", "\udbff"));

        assertThat(keys.stream().map(HistoryKey::id)).doesNotHaveDuplicates();
    }

    @Test
    void anIdDoesNotContainTheCaller() {
        HistoryKey key = key("https://issuer.example", Kind.SUBJECT, "alice", "age1", "plans");

        assertThat(key.id()).isEqualTo("OJ5Xo0VQNCaJjWyRvB8arAEnCTjXYYQw6ZgBdYvu-UU");
    }

    @Test
    void aHistoryBelongsToItsCaller() {
        HistoryKey key = key("https://issuer.example", Kind.SUBJECT, "alice", "age1", "plans");

        assertThat(key.history().owner()).isEqualTo(key.caller().id());
        assertThat(key.history().id()).isEqualTo(key.id());
        assertThat(key.history()).asString().doesNotContain("alice");
    }

    @Test
    void limitsTheLengthOfASession() {
        assertThat(key("i", Kind.SUBJECT, "n", "r", "s".repeat(64)).session()).hasSize(64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key("i", Kind.SUBJECT, "n", "r", "s".repeat(65)));
        assertThatIllegalArgumentException().isThrownBy(() -> key("i", Kind.SUBJECT, "n", "r", ""));
    }

    @Test
    void countsTheSessionInCodePointsAsTheEnvelopeDoes() {
        String brains = "\ud83e\udde0".repeat(64);

        assertThat(key("i", Kind.SUBJECT, "n", "r", brains).session()).isEqualTo(brains);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key("i", Kind.SUBJECT, "n", "r", brains + "s"));
    }

    private static HistoryKey key(
            String issuer, Kind kind, String name, String recipient, String session) {
        return new HistoryKey(new Caller(issuer, kind, name), recipient, session);
    }
}
