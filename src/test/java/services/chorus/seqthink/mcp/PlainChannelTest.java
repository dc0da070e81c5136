package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.mcp.Messages.id;
import static services.chorus.seqthink.mcp.Messages.json;
import static services.chorus.seqthink.mcp.Messages.message;

import com.fasterxml.jackson.databind.node.IntNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class PlainChannelTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private PlainServer server;
    private Channel channel;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "'mine'", "-9007199254740993"})
    void callsAToolUnderTheCallersId(String own) throws Exception {
        start(200, "{'result':{'one':1.50}}");

        assertThat(Messages.all(channel.send(Messages.call(own))))
                .containsExactly(new Response(id(own), json("{'structuredContent':{'one':1.50}}")));
        assertThat(server.calls()).containsExactly(json("{'tool':'tool','payload':{'a':1}}"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{'error':'too bad'}|too bad|'too bad'",
                "{'result':{},'error':{'message':'too bad'}}|too bad|{'message':'too bad'}",
                "{'result':null,'error':{'code':1}}|``|{'code':1}"
            },
            delimiter = '|')
    void forwardsToolErrors(String reply, String text, String error) throws Exception {
        start(200, reply);

        assertThat(Messages.all(channel.send(Messages.call("'mine'"))))
                .containsExactly(
                        new Failure(
                                Optional.of(id("'mine'")), -32000, text, Optional.of(json(error))));
        assertThat(call()).isEqualTo(new ToolFailed(text, Optional.of(json(error))));
    }

    @Test
    void ignoresANullError() throws Exception {
        start(200, "{'result':7,'error':null}");

        assertThat(call()).isEqualTo(new Result(IntNode.valueOf(7)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[1]", "'text'", "{}", "{'isError':true}", "{'content':[]}"})
    void forwardsAnyResultUnchanged(String result) throws Exception {
        start(200, "{'result':" + result + "}");

        assertThat(call()).isEqualTo(new Result(json(result)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "200|{}|BROKEN_REPLY",
                "200|SECRET|BROKEN_REPLY",
                "200|[]|BROKEN_REPLY",
                "200|``|BROKEN_REPLY",
                "400|SECRET|BROKEN_REPLY",
                "500|SECRET|BROKEN_REPLY",
                "404|SECRET|NOT_SUPPORTED",
                "405|SECRET|NOT_SUPPORTED"
            })
    void rejectsInvalidReplies(int status, String reply, Kind kind) throws Exception {
        start(status, reply);

        assertThat(Failures.kind(this::call)).isEqualTo(kind);
    }

    @Test
    void answersAPingFromTheHealthRoute() throws Exception {
        start(200, "{}");
        Request ping = new Request(id("'mine'"), "ping", Optional.empty());

        assertThat(Messages.all(channel.send(ping)))
                .containsExactly(new Response(id("'mine'"), json("{}")));

        server.serve("/health", exchange -> McpPeer.send(exchange, 503, "text/plain", "SECRET"));
        assertThat(Failures.kind(() -> channel.send(ping))).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(server.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"initialize", "tools/list", "resources/read", "prompts/get", ""})
    void rejectsOtherMethods(String method) throws Exception {
        start(200, "{'result':1}");
        Request asked = new Request(id("'mine'"), method, Optional.empty());

        assertThat(Messages.all(channel.send(asked)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> {
                            assertThat(failure.id()).hasValue(id("'mine'"));
                            assertThat(failure.code()).isEqualTo(-32601);
                            assertThat(failure.text()).isNotBlank();
                        });
        assertThat(server.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'jsonrpc':'2.0','method':'notifications/initialized'}",
                "{'jsonrpc':'2.0','id':1,'result':{}}",
                "{'jsonrpc':'2.0','id':1,'error':{'code':1,'message':'no'}}"
            })
    void ignoresNotificationsAndAnswers(String json) throws Exception {
        start(200, "{'result':1}");

        assertThat(Messages.all(channel.send(message(json)))).isEmpty();
        assertThat(server.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "tools/call"})
    void disconnectsAfterTheDeadline(String method) throws Exception {
        try (RawPeer hanging = RawPeer.replying("")) {
            channel = channel(hanging.uri(), Duration.ofMillis(500));
            Request asked = new Request(id("1"), method, Optional.empty());

            assertThat(Failures.kind(() -> channel.send(asked))).isEqualTo(Kind.TIMEOUT);

            hanging.closed().get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "tools/call"})
    void disconnectsWhenTheCallerDisconnects(String method) throws Exception {
        try (RawPeer hanging = RawPeer.replying("")) {
            channel = channel(hanging.uri(), PATIENCE);
            Request asked = new Request(id("1"), method, Optional.empty());
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread caller =
                    Thread.startVirtualThread(() -> interrupted.complete(isInterrupted(asked)));
            hanging.request().get(20, TimeUnit.SECONDS);

            caller.interrupt();

            assertThat(interrupted).succeedsWithin(PATIENCE).isEqualTo(true);
            hanging.closed().get(20, TimeUnit.SECONDS);
        }
    }

    /** Whether an interrupt ends the call of send. */
    private boolean isInterrupted(Request asked) {
        try {
            channel.send(asked);
            return false;
        } catch (UpstreamException e) {
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void start(int status, String reply) throws IOException {
        server = PlainServer.start(0, status, reply);
        channel = channel(server.uri(), PATIENCE);
    }

    private ToolReply call() throws UpstreamException, InterruptedException {
        return new ToolClient(channel).call("tool", StrictJson.object().put("a", 1));
    }

    private static Channel channel(URI base, Duration deadline) {
        PlainChannel plain = new PlainChannel(new HttpWire(base, PATIENCE, 100_000));
        return message -> plain.send(message, Deadline.in(deadline));
    }
}
