package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.testing.States;

class SequentialThinkingTest {

    private static final History MINE = new History("me", "a-history");
    private static final History YOURS = new History("you", "another-history");

    private static final SharedState.Limits LIMITS =
            new SharedState.Limits(3, 1 << 20, Duration.ofHours(1));

    private final SharedState state = States.inMemory();
    private final SequentialThinking tool = new SequentialThinking(state, LIMITS);

    @Test
    void returnsProgress() {
        ObjectNode progress = progress(MINE, thought(1, 3));

        assertThat(progress)
                .hasToString(
                        "{\"thoughtNumber\":1,\"totalThoughts\":3,\"nextThoughtNeeded\":true,"
                                + "\"branches\":[],\"thoughtHistoryLength\":1}");
    }

    @Test
    void returnsProgressAsTextToo() {
        ObjectNode result = call(MINE, thought(1, 3));

        String text = result.at("/content/0/text").textValue();
        assertThat(result.at("/content/0/type").textValue()).isEqualTo("text");
        assertThat(text).contains("\n");
        assertThat(json(text)).hasToString(result.get("structuredContent").toString());
        assertThat(result.has("isError")).isFalse();
    }

    @Test
    void raisesTheTotalToTheThoughtNumber() {
        assertThat(progress(MINE, thought(5, 3)).get("totalThoughts").intValue()).isEqualTo(5);
    }

    @Test
    void listsBranchesInOrderOfFirstUse() {
        List.of("beta", "alpha", "beta")
                .forEach(
                        branch ->
                                call(
                                        MINE,
                                        thought(2, 3)
                                                .put("branchFromThought", 1)
                                                .put("branchId", branch)));

        assertThat(branches(progress(MINE, thought(3, 3)))).containsExactly("beta", "alpha");
    }

    @Test
    void ignoresABranchWithoutAnOrigin() {
        assertThat(branches(progress(MINE, thought(2, 3).put("branchId", "alpha")))).isEmpty();
    }

    @Test
    void countsDroppedThoughtsAndBranches() {
        call(MINE, thought(1, 9).put("branchFromThought", 1).put("branchId", "first"));
        IntStream.range(0, 7).forEach(more -> call(MINE, thought(1, 9)));

        ObjectNode progress = progress(MINE, thought(1, 9));

        assertThat(progress.get("thoughtHistoryLength").intValue()).isEqualTo(9);
        assertThat(branches(progress)).containsExactly("first");
        assertThat(kept()).hasSize(3);
    }

    @Test
    void storesTheThought() {
        ObjectNode arguments =
                thought(2, 3)
                        .put("isRevision", true)
                        .put("revisesThought", 1)
                        .put("branchFromThought", 1)
                        .put("branchId", "b")
                        .put("needsMoreThoughts", true);
        call(MINE, arguments);

        assertThat(StrictJson.parse(kept().getFirst()).orElseThrow()).isEqualTo(arguments);
    }

    @Test
    void separatesHistoriesAndCountsExactlyInParallel() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int call = 0; call < 500; call++) {
                threads.submit(
                        () ->
                                call(
                                        MINE,
                                        thought(1, 1)
                                                .put("branchFromThought", 1)
                                                .put("branchId", "m")));
                threads.submit(() -> call(YOURS, thought(1, 1)));
            }
        }

        ObjectNode mine = progress(MINE, thought(1, 1));
        ObjectNode yours = progress(YOURS, thought(1, 1));
        assertThat(mine.get("thoughtHistoryLength").intValue()).isEqualTo(501);
        assertThat(branches(mine)).containsExactly("m");
        assertThat(yours.get("thoughtHistoryLength").intValue()).isEqualTo(501);
        assertThat(branches(yours)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    thought           | null     | a string
                    thought           | 4711     | a string
                    thought           | ""       | a string
                    thought           | "  "     | a string
                    nextThoughtNeeded | null     | true or false
                    nextThoughtNeeded | "true4711" | true or false
                    nextThoughtNeeded | 1        | true or false
                    thoughtNumber     | null     | a whole number
                    thoughtNumber     | 0        | a whole number
                    thoughtNumber     | -4711    | a whole number
                    thoughtNumber     | 1.5      | a whole number
                    thoughtNumber     | "4711"   | a whole number
                    thoughtNumber     | 47114711471147 | a whole number
                    totalThoughts     | 0        | a whole number
                    isRevision        | "4711"   | true or false
                    revisesThought    | 0        | a whole number
                    branchFromThought | 0        | a whole number
                    branchId          | ""       | a string
                    branchId          | 4711     | a string
                    needsMoreThoughts | null     | true or false
                    """)
    void namesAWrongArgumentWithoutItsValue(String name, String value, String wanted) {
        ObjectNode arguments = thought(1, 1);
        arguments.set(name, json(value));

        assertThat(wrong(arguments)).contains(name, wanted).doesNotContain("4711");
    }

    @ParameterizedTest
    @CsvSource({"thought", "nextThoughtNeeded", "thoughtNumber", "totalThoughts"})
    void requiresFourArguments(String name) {
        ObjectNode arguments = thought(1, 1);
        arguments.remove(name);

        assertThat(wrong(arguments)).contains(name);
    }

    @Test
    void limitsTheThoughtAndTheBranch() {
        ObjectNode largest = thought(1, 1).put("thought", "\0".repeat(32_768));
        largest.put("branchId", "b".repeat(128)).put("branchFromThought", Integer.MAX_VALUE);

        assertThat(call(MINE, largest).has("isError")).isFalse();
        assertThat(kept().getFirst()).hasSizeLessThan(Thought.MAX_ENTRY_BYTES);
        assertThat(wrong(thought(1, 1).put("thought", "x".repeat(32_769)))).contains("32,768");
        assertThat(wrong(largest.put("branchId", "b".repeat(129)))).contains("branchId", "128");
    }

    @Test
    void storesNothingOfAWrongCall() {
        wrong(thought(0, 1));

        assertThat(progress(MINE, thought(1, 1)).get("thoughtHistoryLength").intValue())
                .isEqualTo(1);
    }

    @Test
    void aCallerWithManyLargeHistoriesDisplacesNoneOfAnother() {
        SharedState small = States.inMemory(InstantSource.system(), new Heap(64L << 20));
        SequentialThinking shared = new SequentialThinking(small, LIMITS);
        shared.call(YOURS, thought(1, 9));

        ObjectNode large = thought(1, 1).put("thought", "\0".repeat(32_768));
        for (int call = 0; call < 192; call++) {
            assertThat(shared.call(new History("me", "session " + call % 32), large).has("isError"))
                    .isFalse();
        }

        assertThat(shared.call(YOURS, thought(2, 9)).at("/structuredContent/thoughtHistoryLength"))
                .hasToString("2");
    }

    @Test
    void ignoresUnknownArguments() {
        assertThat(call(MINE, thought(1, 1).put("mood", "good")).has("isError")).isFalse();
    }

    private List<byte[]> kept() {
        return state.read(MINE.name("thoughts"), 0, 1 << 20).entries().stream()
                .map(SharedState.Entry::bytes)
                .toList();
    }

    private String wrong(ObjectNode arguments) {
        ObjectNode result = call(MINE, arguments);
        assertThat(result.path("isError").asBoolean()).isTrue();
        assertThat(result.has("structuredContent")).isFalse();
        return result.at("/content/0/text").textValue();
    }

    private ObjectNode progress(History history, ObjectNode arguments) {
        return (ObjectNode) call(history, arguments).get("structuredContent");
    }

    private ObjectNode call(History history, ObjectNode arguments) {
        return tool.call(history, arguments);
    }

    private static ObjectNode thought(int number, int total) {
        return StrictJson.object()
                .put("thought", "a thought")
                .put("nextThoughtNeeded", true)
                .put("thoughtNumber", number)
                .put("totalThoughts", total);
    }

    private static List<String> branches(ObjectNode progress) {
        return progress.get("branches").valueStream().map(name -> name.textValue()).toList();
    }

    private static JsonNode json(String text) {
        return StrictJson.parse(text.getBytes(UTF_8)).orElseThrow();
    }
}
