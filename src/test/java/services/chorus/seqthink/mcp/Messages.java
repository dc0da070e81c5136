package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Request;

/** Messages as tests write and read them. Single quotes stand for double ones. */
public final class Messages {

    private Messages() {}

    public static JsonNode json(String text) {
        return StrictJson.parse(bytes(text)).orElseThrow();
    }

    /** Reads a message. */
    public static Message message(String json) {
        return Message.parse(bytes(json));
    }

    /** Reads an id as it stands in a message: {@code 7} or {@code 'a'}. */
    public static MessageId id(String json) {
        return new MessageId(json(json));
    }

    /** A request with parameters. */
    public static Request request(String id, String method, String params) {
        return new Request(id(id), method, Optional.of((ObjectNode) json(params)));
    }

    /** A call of the tool {@code tool}. */
    public static Request call(String id) {
        return request(id, "tools/call", "{'name':'tool','arguments':{'a':1}}");
    }

    /** Reads a stream to its end and closes it. */
    public static List<Message> all(MessageStream stream)
            throws UpstreamException, InterruptedException {
        try (stream) {
            List<Message> messages = new ArrayList<>();
            for (Optional<Message> next = stream.next(); next.isPresent(); next = stream.next()) {
                messages.add(next.get());
            }
            return messages;
        }
    }

    static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }
}
