package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/**
 * Calls tools over a channel and returns only the result. Ignores notifications of the server and
 * declines its requests.
 */
public record ToolClient(Channel channel) {

    private static final MessageId ID = MessageId.of(1);

    /**
     * Calls a tool and waits for its result.
     *
     * @throws UpstreamException if no usable result arrives within the channel's deadline
     * @throws InterruptedException when the thread is interrupted; the call is cancelled
     */
    public ToolReply call(String tool, ObjectNode arguments)
            throws UpstreamException, InterruptedException {
        ObjectNode params = StrictJson.object().put("name", tool);
        params.set("arguments", arguments);
        Request call = new Request(ID, "tools/call", Optional.of(params));
        try (MessageStream replies = channel.send(call)) {
            while (true) {
                Message next =
                        replies.next().orElseThrow(() -> new UpstreamException(Kind.BROKEN_REPLY));
                switch (next) {
                    case Response response -> {
                        return result(response.result());
                    }
                    case Failure failure -> {
                        return failed(failure);
                    }
                    case Request asked -> decline(asked);
                    case Notification told -> {}
                }
            }
        }
    }

    /** Does not wait: a server that rejects the answer can still answer the call. */
    private void decline(Request asked) {
        Thread.startVirtualThread(
                () -> {
                    try {
                        channel.send(declined(asked)).close();
                    } catch (UpstreamException | InterruptedException e) {
                        // the server gets no answer
                    }
                });
    }

    // we declare no capabilities, so a server may send only ping
    private static Message declined(Request asked) {
        return asked.method().equals("ping")
                ? new Response(asked.id(), StrictJson.object())
                : new Failure(
                        Optional.of(asked.id()),
                        ErrorCode.METHOD_NOT_FOUND,
                        "This client accepts no requests");
    }

    private static ToolReply failed(Failure failure) throws UpstreamException {
        int code = failure.code();
        if (code == ErrorCode.PARSE_ERROR.number() || code == ErrorCode.INVALID_REQUEST.number()) {
            throw new UpstreamException(Kind.BROKEN_REPLY); // our own message is at fault
        }
        return new ToolFailed(failure.text(), failure.data());
    }

    private static ToolReply result(JsonNode result) throws UpstreamException {
        if (result.path("isError").asBoolean()) {
            return new ToolFailed(text(result.path("content")), Optional.of(result));
        }
        JsonNode structured = result.path("structuredContent");
        if (structured.isObject()) {
            return new Result(structured);
        }
        if (result.path("content").isArray()) {
            ObjectNode content = StrictJson.object();
            content.set("content", result.get("content"));
            return new Result(content);
        }
        if (structured.isMissingNode()) {
            throw new UpstreamException(Kind.BROKEN_REPLY);
        }
        return new Result(structured);
    }

    private static String text(JsonNode content) {
        return StreamSupport.stream(content.spliterator(), false)
                .filter(block -> block.path("text").isTextual())
                .map(block -> block.get("text").textValue())
                .collect(Collectors.joining("\n"));
    }
}
