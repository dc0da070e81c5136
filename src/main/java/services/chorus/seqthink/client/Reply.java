package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;

/**
 * A gateway's verified answer to one request.
 *
 * @param status an HTTP status code
 * @param members the rest of the reply, such as {@code result} or {@code error}
 */
public record Reply(int status, ObjectNode members) {

    /**
     * Verifies an opened reply: its {@code request_id} first, then its {@code request_hash}.
     *
     * @param opened the reply's plaintext
     * @param binding of the request
     * @throws CallFailed when it answers another request, or is forged
     */
    public static Reply verify(byte[] opened, Binding binding) throws CallFailed {
        ObjectNode members =
                StrictJson.parseObject(opened)
                        .orElseThrow(() -> new CallFailed("The reply is not a JSON object"));
        Optional<String> mismatch = binding.mismatch(members);
        if (mismatch.isPresent()) {
            throw new CallFailed("The reply " + mismatch.get());
        }
        if (!members.path("status").isInt()) {
            throw new CallFailed("The reply has no status");
        }
        int status = members.get("status").intValue();
        members.remove(List.of("request_id", "request_hash", "status"));
        return new Reply(status, members);
    }

    static Reply open(HttpResponse<?> head, byte[] body, Credentials caller, Binding binding)
            throws IOException {
        String type = head.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("application/age")) {
            // not authenticated: repeat only what helps to find a mistake
            throw new CallFailed(
                    "the answer is not sealed (status %d%s)%s"
                            .formatted(
                                    head.statusCode(),
                                    head.headers()
                                            .firstValue("WWW-Authenticate")
                                            .filter(Reply::isPrintable)
                                            .map(challenge -> ", " + challenge)
                                            .orElse(""),
                                    advice(head.statusCode())));
        }
        return verify(caller.open(body, "the reply"), binding);
    }

    private static String advice(int status) {
        return switch (status) {
            case 401 -> ": get a new token, it may have expired or be for another service";
            case 403 -> ": the token lacks a scope";
            case 404 -> ": check the URL of the gateway";
            case 429, 503 -> ": try again later";
            default -> "";
        };
    }

    /** Whether it has no control character that a terminal would interpret. */
    private static boolean isPrintable(String text) {
        return text.chars().allMatch(character -> character >= ' ' && character <= '~');
    }

    /** Without the plaintext. */
    @Override
    public String toString() {
        return "Reply[" + status + "]";
    }
}
