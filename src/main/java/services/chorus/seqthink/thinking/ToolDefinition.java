package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import services.chorus.seqthink.json.StrictJson;

/** The definition of the tool in {@code tools/list}, for models and their hosts. */
final class ToolDefinition {

    static final String NAME = "sequentialthinking";

    private static final String JSON =
            """
            {
              "name": "sequentialthinking",
              "title": "Sequential thinking",
              "description": "Work through a problem one thought at a time, and keep the \
            thoughts.\\n\\nUse it when a problem is too large to answer at once, when the way is \
            not clear from the start, or when earlier steps may turn out wrong. Give one thought \
            per call and number it. Say how many thoughts you expect; you may change your mind at \
            any time, in either direction. To correct an earlier thought, set isRevision and \
            revisesThought. To try another way beside the main line, set branchFromThought and \
            name the branch in branchId. Set nextThoughtNeeded to false only when you have an \
            answer that you have checked.\\n\\nThe reply says where you stand: the number of this \
            thought, the expected total, the branches so far and how many thoughts were kept. \
            Other callers never see your thoughts.",
              "inputSchema": {
                "type": "object",
                "properties": {
                  "thought": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 32768,
                    "description": "This step, in words"
                  },
                  "nextThoughtNeeded": {
                    "type": "boolean",
                    "description": "Whether another thought follows"
                  },
                  "thoughtNumber": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "The number of this thought, from 1"
                  },
                  "totalThoughts": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "How many thoughts you expect to need, as of now"
                  },
                  "isRevision": {
                    "type": "boolean",
                    "description": "Whether this thought corrects an earlier one"
                  },
                  "revisesThought": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "The number of the thought that this one corrects"
                  },
                  "branchFromThought": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "The number of the thought where this branch begins"
                  },
                  "branchId": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 128,
                    "description": "The name of the branch that this thought is on"
                  },
                  "needsMoreThoughts": {
                    "type": "boolean",
                    "description": "Whether more thoughts are needed after the planned last one"
                  }
                },
                "required": ["thought", "nextThoughtNeeded", "thoughtNumber", "totalThoughts"]
              },
              "outputSchema": {
                "type": "object",
                "properties": {
                  "thoughtNumber": {"type": "integer"},
                  "totalThoughts": {"type": "integer"},
                  "nextThoughtNeeded": {"type": "boolean"},
                  "branches": {"type": "array", "items": {"type": "string"}},
                  "thoughtHistoryLength": {"type": "integer"}
                },
                "required": [
                  "thoughtNumber",
                  "totalThoughts",
                  "nextThoughtNeeded",
                  "branches",
                  "thoughtHistoryLength"
                ]
              },
              "annotations": {
                "title": "Sequential thinking",
                "readOnlyHint": false,
                "destructiveHint": false,
                "idempotentHint": false,
                "openWorldHint": false
              }
            }
            """;

    private ToolDefinition() {}

    static JsonNode tree() {
        return StrictJson.parse(JSON.getBytes(UTF_8)).orElseThrow();
    }
}
