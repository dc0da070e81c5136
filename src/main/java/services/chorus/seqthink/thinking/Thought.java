package services.chorus.seqthink.thinking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;
import services.chorus.seqthink.json.StrictJson;

/**
 * One thought, from the arguments of a call.
 *
 * @param totalThoughts the expected number; at least {@code thoughtNumber}
 */
record Thought(
        String thought,
        boolean nextThoughtNeeded,
        int thoughtNumber,
        int totalThoughts,
        boolean isRevision,
        OptionalInt revisesThought,
        OptionalInt branchFromThought,
        Optional<String> branchId,
        boolean needsMoreThoughts) {

    static final int MAX_THOUGHT_LENGTH = 32_768;
    static final int MAX_BRANCH_LENGTH = 128;

    /** An escaped character has at most six bytes; 1,024 bytes for the rest. */
    static final int MAX_ENTRY_BYTES = 6 * (MAX_THOUGHT_LENGTH + MAX_BRANCH_LENGTH) + 1_024;

    /**
     * Reads the arguments of a call. Unknown arguments are ignored.
     *
     * @throws Arguments.WrongArgumentException for the first missing or invalid argument
     */
    static Thought from(ObjectNode given) {
        Arguments arguments = new Arguments(given);
        int thoughtNumber = arguments.positive("thoughtNumber");
        return new Thought(
                arguments.text("thought", MAX_THOUGHT_LENGTH),
                arguments.flag("nextThoughtNeeded"),
                thoughtNumber,
                Math.max(thoughtNumber, arguments.positive("totalThoughts")),
                arguments.optionalFlag("isRevision"),
                arguments.optionalPositive("revisesThought"),
                arguments.optionalPositive("branchFromThought"),
                arguments.optionalText("branchId", MAX_BRANCH_LENGTH),
                arguments.optionalFlag("needsMoreThoughts"));
    }

    /** The branch of this thought; empty if the thought does not say where the branch begins. */
    Optional<String> branch() {
        return branchFromThought.isPresent() ? branchId : Optional.empty();
    }

    /** The stored form: a JSON object in UTF-8. */
    byte[] entry() {
        ObjectNode entry =
                StrictJson.object()
                        .put("thought", thought)
                        .put("nextThoughtNeeded", nextThoughtNeeded)
                        .put("thoughtNumber", thoughtNumber)
                        .put("totalThoughts", totalThoughts)
                        .put("isRevision", isRevision)
                        .put("needsMoreThoughts", needsMoreThoughts);
        revisesThought.ifPresent(number -> entry.put("revisesThought", number));
        branchFromThought.ifPresent(number -> entry.put("branchFromThought", number));
        branchId.ifPresent(name -> entry.put("branchId", name));
        return StrictJson.write(entry);
    }

    /** Hides the thought. */
    @Override
    public String toString() {
        return "Thought";
    }
}
