package services.chorus.seqthink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.config.Fault;

class StateConfigTest {

    @Test
    void acceptNoUrl() {
        assertThat(StateConfig.faults(Optional::empty, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rediss://redis.example",
                "rediss://redis.example:6380/1",
                "rediss://:secret@redis.example:6380/",
                "rediss://user:p%40ss@redis.example",
                "redis://127.0.0.1",
                "redis://localhost:6379/0",
                "redis://[::1]:6379"
            })
    void acceptARedisUrl(String url) {
        assertThat(faults(url)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://canary@redis.example, a Redis URL",
        "rediss:canary, a Redis URL",
        "canary, a Redis URL",
        "rediss://redis.example/canary, a Redis URL",
        "rediss://redis.example?password=canary, a Redis URL",
        "rediss://redis.example#canary, a Redis URL",
        "rediss://:can ary@redis.example, percent-encode",
        "rediss://:canary%zz@redis.example, percent-encode",
        "rediss://canary@redis.example, without a password",
        "redis://:canary@redis.example, not encrypted",
        "redis://:canary@127.0.0.1.example, not encrypted"
    })
    void explainAWrongUrlWithoutQuotingIt(String url, String problem) {
        assertThat(faults(url)).hasSize(1);
        String line = faults(url).getFirst().line();
        assertThat(line).startsWith("STATE_URL ").contains(problem).doesNotContain("canary");
    }

    @Test
    void requireIdentities() {
        List<Fault> faults = StateConfig.faults(() -> Optional.of("rediss://redis.example"), false);

        assertThat(faults.getFirst().line()).startsWith("STATE_URL ").contains("AGE_IDENT_PATH");
    }

    @Test
    void hideThePassword() {
        assertThat(RedisUrl.parse("rediss://user:canary@redis.example"))
                .asString()
                .isEqualTo("rediss://redis.example");
    }

    private static List<Fault> faults(String url) {
        return StateConfig.faults(() -> Optional.of(url), true);
    }
}
