package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;

/**
 * One JSON-RPC 2.0 message, within the limits of MCP: parameters are an object, ids are not null,
 * and there are no batches.
 */
public sealed interface Message {

    String JSON_RPC = "2.0";

    /**
     * Reads a message.
     *
     * @param json one message in UTF-8
     * @throws MalformedMessageException if the bytes are not JSON or not a message
     */
    static Message parse(byte[] json) {
        return read(
                StrictJson.parse(json)
                        .orElseThrow(
                                () ->
                                        new MalformedMessageException(
                                                ErrorCode.PARSE_ERROR,
                                                "The message is not one well-formed JSON"
                                                        + " document")));
    }

    ObjectNode tree();

    default boolean isAnswer() {
        return switch (this) {
            case Response response -> true;
            case Failure failure -> true;
            case Request request -> false;
            case Notification notification -> false;
        };
    }

    /** Whether it answers the request with that id, or is a failure without an id. */
    default boolean answers(MessageId request) {
        return switch (this) {
            case Response response -> response.id().equals(request);
            case Failure failure -> failure.id().filter(id -> !id.equals(request)).isEmpty();
            case Request other -> false;
            case Notification notification -> false;
        };
    }

    /** This answer with another id; any other message unchanged. */
    default Message withId(MessageId id) {
        return switch (this) {
            case Response(var other, JsonNode result) -> new Response(id, result);
            case Failure(var other, int code, String text, var data) ->
                    new Failure(Optional.of(id), code, text, data);
            case Request request -> request;
            case Notification notification -> notification;
        };
    }

    default byte[] bytes() {
        return StrictJson.write(tree());
    }

    /** Requires an answer with its id. */
    record Request(MessageId id, String method, Optional<ObjectNode> params) implements Message {

        @Override
        public ObjectNode tree() {
            ObjectNode tree = envelope().put("method", method);
            tree.set("id", id.value());
            params.ifPresent(given -> tree.set("params", given));
            return tree;
        }
    }

    /** Needs no answer. */
    record Notification(String method, Optional<ObjectNode> params) implements Message {

        @Override
        public ObjectNode tree() {
            ObjectNode tree = envelope().put("method", method);
            params.ifPresent(given -> tree.set("params", given));
            return tree;
        }
    }

    /** Answers a request. */
    record Response(MessageId id, JsonNode result) implements Message {

        @Override
        public ObjectNode tree() {
            ObjectNode tree = envelope();
            tree.set("id", id.value());
            tree.set("result", result);
            return tree;
        }
    }

    /**
     * Answers a request that failed.
     *
     * @param id empty if the peer could not read the id of the request
     * @param code of {@link ErrorCode} or defined by the peer
     * @param text written by the peer, so never logged
     * @param data written by the peer
     */
    record Failure(Optional<MessageId> id, int code, String text, Optional<JsonNode> data)
            implements Message {

        /** A failure without data. */
        public Failure(Optional<MessageId> id, ErrorCode code, String text) {
            this(id, code.number(), text, Optional.empty());
        }

        @Override
        public ObjectNode tree() {
            ObjectNode tree = envelope();
            id.ifPresentOrElse(known -> tree.set("id", known.value()), () -> tree.putNull("id"));
            ObjectNode error = tree.putObject("error").put("code", code).put("message", text);
            data.ifPresent(more -> error.set("data", more));
            return tree;
        }
    }

    private static ObjectNode envelope() {
        return StrictJson.object().put("jsonrpc", JSON_RPC);
    }

    // JSON-RPC 2.0 sections 4 and 5

    private static Message read(JsonNode tree) {
        if (!(tree instanceof ObjectNode message)) {
            throw invalid("A message must be one JSON object; batches are not supported");
        }
        if (!JSON_RPC.equals(message.path("jsonrpc").textValue())) {
            throw invalid("The member jsonrpc must be \"2.0\"");
        }
        boolean answers = message.has("result") || message.has("error");
        if (message.has("method") == answers) {
            throw invalid("A message must have either a method, or a result or an error");
        }
        return answers ? answer(message) : requestOrNotification(message);
    }

    private static Message requestOrNotification(ObjectNode message) {
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
            throw invalid("An answer must have either a result or an error");
        }
        if (message.has("result")) {
            MessageId id = id(message).orElseThrow(() -> invalid("A result must have an id"));
            return new Response(id, message.get("result"));
        }
        // a peer that could not read our request answers with a null id or without one
        Optional<MessageId> id = message.path("id").isNull() ? Optional.empty() : id(message);
        JsonNode error = message.get("error");
        if (!error.path("code").canConvertToInt()
                || !error.path("code").isIntegralNumber()
                || !error.path("message").isTextual()) {
            throw invalid("An error must have a whole-number code and a message");
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
}
