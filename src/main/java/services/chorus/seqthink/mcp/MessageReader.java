package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;

/** Tells the four kinds of message apart, JSON-RPC 2.0 sections 4 and 5. */
final class MessageReader {

    private MessageReader() {}

    static Message read(JsonNode tree) {
        if (!(tree instanceof ObjectNode message)) {
            throw invalid("A message is one JSON object; batches are not taken");
        }
        if (!Message.JSON_RPC.equals(message.path("jsonrpc").textValue())) {
            throw invalid("The member jsonrpc must be \"2.0\"");
        }
        boolean answers = message.has("result") || message.has("error");
        if (message.has("method") == answers) {
            throw invalid("A message has either a method, or a result or an error");
        }
        return answers ? answer(message) : question(message);
    }

    private static Message question(ObjectNode message) {
        if (!message.get("method").isTextual()) {
            throw invalid("The member method must be a string");
        }
        String method = message.get("method").textValue();
        Optional<ObjectNode> params = params(message);
        return id(message)
                .<Message>map(id -> new Request(id, method, params))
                .orElseGet(() -> new Notification(method, params));
    }

    private static Message answer(ObjectNode message) {
        if (message.has("result") && message.has("error")) {
            throw invalid("An answer has either a result or an error");
        }
        if (message.has("result")) {
            MessageId id = id(message).orElseThrow(() -> invalid("A result needs an id"));
            return new Response(id, message.get("result"));
        }
        // A peer that could not read our request answers with id null or none.
        Optional<MessageId> id = message.path("id").isNull() ? Optional.empty() : id(message);
        JsonNode error = message.get("error");
        if (!error.path("code").canConvertToInt()
                || !error.path("code").isIntegralNumber()
                || !error.path("message").isTextual()) {
            throw invalid("An error needs a whole-number code and a message");
        }
        return new Failure(
                id,
                error.get("code").intValue(),
                error.get("message").textValue(),
                Optional.ofNullable(error.get("data")));
    }

    private static Optional<ObjectNode> params(ObjectNode message) {
        JsonNode params = message.get("params");
        if (params == null) {
            return Optional.empty();
        }
        if (!(params instanceof ObjectNode object)) {
            throw invalid("The member params must be an object");
        }
        return Optional.of(object);
    }

    private static Optional<MessageId> id(ObjectNode message) {
        JsonNode id = message.get("id");
        if (id == null) {
            return Optional.empty();
        }
        if (!MessageId.allows(id)) {
            throw invalid("The member id must be a string or a whole number");
        }
        return Optional.of(new MessageId(id));
    }

    private static MalformedMessageException invalid(String problem) {
        return new MalformedMessageException(ErrorCode.INVALID_REQUEST, problem);
    }

    static MalformedMessageException notJson() {
        return new MalformedMessageException(
                ErrorCode.PARSE_ERROR, "The message is not one well-formed JSON document");
    }
}
