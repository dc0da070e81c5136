package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.SharedState.Limits;
import services.chorus.seqthink.state.SharedState.Page;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * The tool: stores each thought in its history and returns the progress. A history also has a log
 * of branches in the order of their first use, which outlasts the thoughts that began them.
 */
final class SequentialThinking {

    private final SharedState state;
    private final Limits limits;

    /**
     * @param limits of the thoughts and of the branches of a history
     */
    SequentialThinking(SharedState state, Limits limits) {
        this.state = state;
        this.limits = limits;
    }

    /**
     * Stores one thought. Blocks as {@link SharedState} does, at most three times.
     *
     * @return a {@code CallToolResult}, also for wrong arguments, so that a model can correct them,
     *     and for an unavailable history
     */
    ObjectNode call(History history, ObjectNode arguments) {
        try {
            Thought thought = Thought.from(arguments);
            Set<String> branches = branches(history, thought);
            Position end = state.append(history.name("thoughts"), thought.entry(), limits);
            return progress(thought, branches, end);
        } catch (Arguments.WrongArgumentException e) {
            return error(e.getMessage());
        } catch (StateUnavailableException e) {
            return error("The history is unavailable: try again later");
        }
    }

    /** The branches of a history, including that of this thought. */
    private Set<String> branches(History history, Thought thought) {
        Name log = history.name("branches");
        Set<String> known = names(state.read(log, 0, limits.bytes()));
        // two concurrent calls may both append it: the names are read into a set
        thought.branch()
                .filter(known::add)
                .ifPresent(name -> state.append(log, name.getBytes(UTF_8), limits));
        return known;
    }

    private static Set<String> names(Page page) {
        Set<String> names = new LinkedHashSet<>();
        page.entries().forEach(entry -> names.add(new String(entry.bytes(), UTF_8)));
        return names;
    }

    private static ObjectNode progress(Thought thought, Set<String> branches, Position end) {
        ObjectNode progress =
                StrictJson.object()
                        .put("thoughtNumber", thought.thoughtNumber())
                        .put("totalThoughts", thought.totalThoughts())
                        .put("nextThoughtNeeded", thought.nextThoughtNeeded());
        branches.forEach(progress.putArray("branches")::add);
        progress.put("thoughtHistoryLength", end.sequence());
        ObjectNode result = content(StrictJson.pretty(progress));
        result.set("structuredContent", progress);
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
