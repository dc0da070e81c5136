package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.message.HistoryDigest;
import services.chorus.seqthink.state.Histories;

/**
 * The tool: it writes each thought down in its caller's history and says where the line of thought
 * stands. Beside the thoughts, a history has a log of the branches in the order they first came up,
 * which outlasts the thoughts that began them.
 */
final class SequentialThinking {

    private final Histories histories;

    SequentialThinking(Histories histories) {
        this.histories = histories;
    }

    /**
     * Takes one thought.
     *
     * @return a {@code CallToolResult}; wrong arguments are one too, so that a model can mend them
     */
    Uni<ObjectNode> call(HistoryDigest history, ObjectNode arguments) {
        Thought thought;
        try {
            thought = Thought.from(arguments);
        } catch (WrongArgumentException e) {
            return Uni.createFrom().item(() -> content(e.getMessage()).put("isError", true));
        }
        return branches(history, thought)
                .flatMap(
                        branches ->
                                histories
                                        .append(history.bytes(), thought.entry())
                                        .map(length -> standing(thought, branches, length)));
    }

    private Uni<Set<String>> branches(HistoryDigest history, Thought thought) {
        byte[] log = branchLog(history);
        return histories
                .read(log)
                .map(SequentialThinking::names)
                .call(
                        known ->
                                thought.startsOrContinuesBranch()
                                        // Two calls at once may both write it: names are a set.
                                        .filter(known::add)
                                        .map(name -> histories.append(log, name.getBytes(UTF_8)))
                                        .orElseGet(() -> Uni.createFrom().item(0L)));
    }

    private static Set<String> names(List<byte[]> entries) {
        Set<String> names = new LinkedHashSet<>();
        entries.forEach(entry -> names.add(new String(entry, UTF_8)));
        return names;
    }

    private static ObjectNode standing(Thought thought, Set<String> branches, long length) {
        ObjectNode standing =
                StrictJson.object()
                        .put("thoughtNumber", thought.thoughtNumber())
                        .put("totalThoughts", thought.totalThoughts())
                        .put("nextThoughtNeeded", thought.nextThoughtNeeded());
        branches.forEach(standing.putArray("branches")::add);
        standing.put("thoughtHistoryLength", length);
        ObjectNode result = content(StrictJson.pretty(standing));
        result.set("structuredContent", standing);
        return result;
    }

    private static ObjectNode content(String text) {
        ObjectNode result = StrictJson.object();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    private static byte[] branchLog(HistoryDigest history) {
        MessageDigest sha256 = Sha256.digest();
        sha256.update("seqthink branches 1\0".getBytes(US_ASCII));
        return sha256.digest(history.bytes());
    }
}
