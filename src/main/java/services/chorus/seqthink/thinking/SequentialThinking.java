package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.SharedState.Limits;
import services.chorus.seqthink.state.SharedState.Page;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * The tool: it writes each thought down in its caller's history and says where the line of thought
 * stands. Beside the thoughts, a history has a log of the branches in the order they first came up,
 * which outlasts the thoughts that began them.
 */
final class SequentialThinking {

    private final SharedState state;
    private final Limits limits;

    /**
     * @param limits of a history's thoughts, and of its branches
     */
    SequentialThinking(SharedState state, Limits limits) {
        this.state = state;
        this.limits = limits;
    }

    /**
     * Takes one thought. Blocks as {@link SharedState} does, three times at most.
     *
     * @return a {@code CallToolResult}; wrong arguments are one too, so that a model can mend them,
     *     and so is a history that cannot be reached
     */
    ObjectNode call(String history, ObjectNode arguments) {
        try {
            Thought thought = Thought.from(arguments);
            Set<String> branches = branches(history, thought);
            Position end = state.append(new Name("thoughts", history), thought.entry(), limits);
            return standing(thought, branches, end);
        } catch (Arguments.WrongArgumentException e) {
            return error(e.getMessage());
        } catch (StateUnavailableException e) {
            return error("The history is unavailable: try again later");
        }
    }

    /** The branches of a history, the one of this thought among them. */
    private Set<String> branches(String history, Thought thought) {
        Name log = new Name("branches", history);
        Set<String> known = names(state.read(log, 0, limits.bytes()));
        // two calls at once may both write it: names are a set
        thought.startsOrContinuesBranch()
                .filter(known::add)
                .ifPresent(name -> state.append(log, name.getBytes(UTF_8), limits));
        return known;
    }

    private static Set<String> names(Page page) {
        Set<String> names = new LinkedHashSet<>();
        page.entries().forEach(entry -> names.add(new String(entry.bytes(), UTF_8)));
        return names;
    }

    private static ObjectNode standing(Thought thought, Set<String> branches, Position end) {
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
}
