package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class McpAnswerTest extends WithMcpPeer {

    @Test
    void findsTheAnswerAmongOtherMessagesOfAnEventStream() {
        peer.does(
                (exchange, request) -> {
                    String id = request.id().value().toString();
                    McpPeer.send(
                            exchange,
                            200,
                            "text/event-stream",
                            events(
                                    "",
                                    "{'jsonrpc':'2.0','method':'notifications/message','params':{}}",
                                    "{'jsonrpc':'2.0','id':'p','method':'ping'}",
                                    "{'jsonrpc':'2.0','id':'s','method':'sampling/createMessage'}",
                                    "{'jsonrpc':'2.0','id':'other','result':{'content':['no']}}",
                                    "{'jsonrpc':'2.0','id':" + id + ",'result':{'content':[]}}",
                                    "{'jsonrpc':'2.0','id':" + id + ",'result':{'content':[1]}}"));
                });

        assertThat(call("alice")).isEqualTo(new Result(json("{'content':[]}")));
        await().atMost(PATIENCE).until(() -> peer.answers().size() == 2);
        assertThat(peer.answers())
                .anySatisfy(pong -> assertThat(pong).isInstanceOf(Response.class))
                .anySatisfy(
                        no ->
                                assertThat(no)
                                        .asInstanceOf(type(Failure.class))
                                        .extracting(Failure::code)
                                        .isEqualTo(-32601));
    }

    @Test
    void givesStructuredContentBeforeOtherContent() {
        result("{'content':[{'type':'text','text':'1'}],'structuredContent':{'one':1}}");

        assertThat(call("alice")).isEqualTo(new Result(json("{'one':1}")));
    }

    @Test
    void passesOnWhatTheToolSaysWentWrong() {
        String result =
                "{'isError':true,'content':[{'type':'text','text':'too'},"
                        + "{'type':'image'},{'type':'text','text':'bad'}]}";
        result(result);

        assertThat(call("alice")).isEqualTo(new ToolFailed("too\nbad", Optional.of(json(result))));
    }

    @ParameterizedTest
    @ValueSource(ints = {-32602, -32601, -32603, -32000})
    void passesOnWhatTheServerSaysAboutTheCall(int code) {
        peer.does(
                (exchange, request) -> {
                    Failure failure =
                            new Failure(
                                    Optional.of(request.id()),
                                    code,
                                    "Unknown tool",
                                    Optional.of(json("{'a':1}")));
                    McpPeer.send(exchange, 200, "application/json", text(failure));
                });

        assertThat(call("alice"))
                .isEqualTo(new ToolFailed("Unknown tool", Optional.of(json("{'a':1}"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    200 | application/json  | SECRET
                    200 | application/json  | []
                    200 | application/json  | {"jsonrpc":"2.0","id":"SECRET","result":{}}
                    200 | application/json  | {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"SECRET"}}
                    200 | application/json  | {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"SECRET"}}
                    200 | text/html         | <html>SECRET</html>
                    200 | text/event-stream | data: SECRET
                    202 | application/json  | ''
                    500 | text/plain        | SECRET
                    302 | text/plain        | SECRET
                    """)
    void takesNothingElseForAnAnswer(int status, String type, String body) {
        peer.does((exchange, request) -> McpPeer.send(exchange, status, type, body + "\n\n"));

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'content':'text'}", "[]", "null"})
    void takesNothingElseForAResult(String result) {
        result(result);

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);
    }

    @Test
    void readsNoReplyOverTheLimit() {
        peer.does(
                (exchange, request) ->
                        McpPeer.send(
                                exchange,
                                200,
                                "application/json",
                                " ".repeat(MAX_REPLY_BYTES + 1)));

        assertThat(failure("alice")).isEqualTo(Kind.REPLY_TOO_LARGE);
    }

    private void result(String result) {
        String json = json(result).toString();
        peer.does((exchange, request) -> McpPeer.result(exchange, request, json));
    }

    private static String events(String... data) {
        return "data: " + String.join("\n\ndata: ", data).replace('\'', '"') + "\n\n";
    }

    private static String text(Message message) {
        return new String(message.bytes(), UTF_8);
    }
}
