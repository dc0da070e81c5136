package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.HistoryDigest;
import services.chorus.seqthink.state.LogLimits;
import services.chorus.seqthink.state.LogPage;
import services.chorus.seqthink.state.LogPosition;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * The tool: it writes each thought down in its caller's history and says where the line of thought
 * stands. Beside the thoughts, a history has a log of the branches in the order they first came up,
 * which outlasts the thoughts that began them.
 */
final class SequentialThinking {

    private final SharedState state;
    private final LogLimits limits;

    /**
     * @param limits of a history's thoughts, and of its branches
     */
    SequentialThinking(SharedState state, LogLimits limits) {
        this.state = state;
        this.limits = limits;
    }

    /**
     * Takes one thought.
     *
     * @return a {@code CallToolResult}; wrong arguments are one too, so that a model can mend them,
     *     and so is a history that cannot be reached
     */
    Uni<ObjectNode> call(HistoryDigest history, ObjectNode arguments) {
        Thought thought;
        try {
            thought = Thought.from(arguments);
        } catch (WrongArgumentException e) {
            return Uni.createFrom().item(() -> error(e.getMessage()));
        }
        return branches(history, thought)
                .flatMap(
                        branches ->
                                state.append(log("thoughts", history), thought.entry(), limits)
                                        .map(end -> standing(thought, branches, end)))
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(
                        () ->
                                error(
                                        "The history of these thoughts cannot be reached just now:"
                                                + " try again"));
    }

    private Uni<Set<String>> branches(HistoryDigest history, Thought thought) {
        Name log = log("branches", history);
        return state.read(log, 0, limits.bytes())
                .map(SequentialThinking::names)
                .call(
                        known ->
                                thought.startsOrContinuesBranch()
                                        // Two calls at once may both write it: names are a set.
                                        .filter(known::add)
                                        .<Uni<?>>map(
                                                name ->
                                                        state.append(
                                                                log, name.getBytes(UTF_8), limits))
                                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private static Set<String> names(LogPage page) {
        Set<String> names = new LinkedHashSet<>();
        page.entries().forEach(entry -> names.add(new String(entry.bytes(), UTF_8)));
        return names;
    }

    private static ObjectNode standing(Thought thought, Set<String> branches, LogPosition end) {
        ObjectNode standing =
                StrictJson.object()
                        .put("thoughtNumber", thought.thoughtNumber())
                        .put("totalThoughts", thought.totalThoughts())
                        .put("nextThoughtNeeded", thought.nextThoughtNeeded());
        branches.forEach(standing.putArray("branches")::add);
        standing.put("thoughtHistoryLength", end.sequence());
        ObjectNode result = content(StrictJson.pretty(standing));
        result.set("structuredContent", standing);
        return result;
    }

    private static ObjectNode error(String text) {
        return content(text).put("isError", true);
    }

    private static ObjectNode content(String text) {
        ObjectNode result = StrictJson.object();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    private static Name log(String use, HistoryDigest history) {
        return new Name(
                use, Base64.getUrlEncoder().withoutPadding().encodeToString(history.bytes()));
    }
}
