package services.chorus.seqthink.thinking;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import services.chorus.seqthink.mcp.CallerTag;
import services.chorus.seqthink.mcp.Headers;
import services.chorus.seqthink.mcp.HistoryDigest;
import services.chorus.seqthink.mcp.MalformedMessageException;
import services.chorus.seqthink.mcp.Message;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.ProtocolVersion;
import services.chorus.seqthink.mcp.TagSecret;

/**
 * The HTTP side of the Streamable HTTP transport (MCP 2025-11-25, "Transports"), for a server that
 * never speaks unasked: every answer is one JSON document.
 */
final class Endpoint implements Handler<HttpServerRequest> {

    private static final Set<String> LOOPBACK_NAMES = Set.of("127.0.0.1", "localhost");
    private static final String JSON = "application/json";

    private final TagSecret tags;
    private final int maxBodyBytes;
    private final Dialogue dialogue;

    Endpoint(TagSecret tags, int maxBodyBytes, Dialogue dialogue) {
        this.maxBodyBytes = maxBodyBytes;
        this.tags = tags;
        this.dialogue = dialogue;
    }

    @Override
    public void handle(HttpServerRequest request) {
        // A web page that found this port by DNS rebinding shows in one of these two.
        if (!namesLoopback(request) || request.headers().contains(HttpHeaders.ORIGIN)) {
            refuse(request, 403);
            return;
        }
        switch (request.path()) {
            case "/health" -> health(request);
            case "/mcp" -> message(request);
            default -> refuse(request, 404);
        }
    }

    private static void health(HttpServerRequest request) {
        if (request.method() == HttpMethod.GET) {
            request.response().end("OK");
        } else {
            notAllowed(request, "GET");
        }
    }

    private void message(HttpServerRequest request) {
        Optional<CallerTag> tag =
                Optional.ofNullable(request.getHeader(Headers.CALLER))
                        .flatMap(value -> CallerTag.verify(value, tags));
        if (request.method() != HttpMethod.POST) {
            notAllowed(request, "POST");
        } else if (tag.isEmpty()) {
            refuse(request, 403);
        } else {
            wrong(request)
                    .ifPresentOrElse(
                            status -> refuse(request, status),
                            () ->
                                    read(
                                            request,
                                            body -> answer(request, tag.get().history(), body)));
        }
    }

    private static OptionalInt wrong(HttpServerRequest request) {
        String type = request.headers().get(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(JSON)) {
            return OptionalInt.of(415);
        }
        String version = request.getHeader(Headers.PROTOCOL_VERSION);
        return version == null || ProtocolVersion.of(version).isPresent()
                ? OptionalInt.empty()
                : OptionalInt.of(400);
    }

    private void read(HttpServerRequest request, Handler<byte[]> whole) {
        Buffer body = Buffer.buffer();
        request.handler(
                chunk -> {
                    body.appendBuffer(chunk);
                    if (body.length() > maxBodyBytes) {
                        request.handler(null).endHandler(null);
                        refuse(request, 413);
                    }
                });
        request.endHandler(end -> whole.handle(body.getBytes()));
    }

    private void answer(HttpServerRequest request, HistoryDigest history, byte[] body) {
        HttpServerResponse response = request.response();
        Uni<Optional<Message>> answer;
        try {
            answer = dialogue.answer(history, Message.parse(body));
        } catch (MalformedMessageException e) {
            response.setStatusCode(400);
            answer =
                    Uni.createFrom()
                            .item(
                                    Optional.of(
                                            new Failure(
                                                    Optional.empty(), e.code(), e.getMessage())));
        }
        answer.subscribe().with(message -> send(response, message), failure -> fail(response));
    }

    private static void send(HttpServerResponse response, Optional<Message> message) {
        message.ifPresentOrElse(
                said ->
                        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                                .end(Buffer.buffer(said.bytes())),
                () -> response.setStatusCode(202).end());
    }

    private static void fail(HttpServerResponse response) {
        response.setStatusCode(500).end();
    }

    private static void notAllowed(HttpServerRequest request, String method) {
        request.response().putHeader(HttpHeaders.ALLOW, method);
        refuse(request, 405);
    }

    // Closes the connection, since the body was not read.
    private static void refuse(HttpServerRequest request, int status) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end();
    }

    private static boolean namesLoopback(HttpServerRequest request) {
        return request.authority() != null && LOOPBACK_NAMES.contains(request.authority().host());
    }
}
