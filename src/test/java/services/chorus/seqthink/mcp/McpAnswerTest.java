package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.mcp.Messages.id;
import static services.chorus.seqthink.mcp.Messages.json;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.OutputStream;
import java.util.List;
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

/** Tool calls and the answers of servers to them. */
@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class McpAnswerTest extends WithMcpPeer {

    @Test
    void findsTheAnswerAmongOtherMessagesOfAnEventStream() throws Exception {
        answerAmongOthers();

        assertThat(call("alice")).isEqualTo(new Result(json("{'content':[]}")));
        await().atMost(PATIENCE).until(() -> peer.answers().size() == 2);
        assertThat(peer.answers())
                .containsExactlyInAnyOrder(
                        new Response(id("'p'"), json("{}")),
                        new Failure(
                                Optional.of(id("'s'")),
                                ErrorCode.METHOD_NOT_FOUND,
                                "This client accepts no requests"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500})
    void returnsTheResultIfTheServerRejectsOurAnswers(int status) throws Exception {
        peer.does((exchange, request) -> McpPeer.result(exchange, request, "{\"content\":[]}"));
        call("alice");
        answerAmongOthers();
        peer.takes(exchange -> McpPeer.send(exchange, status, "text/plain", "no"));

        assertThat(call("alice")).isEqualTo(new Result(json("{'content':[]}")));
    }

    @Test
    void doesNotWaitForTheServerToAcceptOurAnswers() throws Exception {
        peer.does((exchange, request) -> McpPeer.result(exchange, request, "{\"content\":[]}"));
        call("alice");
        answerAmongOthers();
        peer.takes(exchange -> {}); // never answers

        assertThat(calling("alice")).succeedsWithin(PATIENCE.dividedBy(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {-32602, -32601, -32603, -32000})
    void forwardsErrorsOfTheServer(int code) throws Exception {
        peer.does(
                (exchange, request) -> {
                    String failure =
                            "{'jsonrpc':'2.0','id':%s,'error':{'code':%d,"
                                    + "'message':'Unknown tool','data':{'a':1}}}";
                    String body = failure.formatted(request.id().value(), code);
                    McpPeer.send(exchange, 200, "application/json", body.replace('\'', '"'));
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
    void rejectsInvalidAnswers(int status, String type, String body) {
        peer.does((exchange, request) -> McpPeer.send(exchange, status, type, body + "\n\n"));

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);
    }

    @Test
    void rejectsAReplyOverTheLimit() {
        peer.does(
                (exchange, request) ->
                        McpPeer.send(
                                exchange,
                                200,
                                "application/json",
                                " ".repeat(MAX_REPLY_BYTES + 1)));

        assertThat(failure("alice")).isEqualTo(Kind.REPLY_TOO_LARGE);
    }

    private void answerAmongOthers() {
        peer.does(
                (exchange, request) -> {
                    String own = request.id().value().toString();
                    OutputStream events = McpPeer.events(exchange);
                    for (String each :
                            List.of(
                                    "",
                                    "{'jsonrpc':'2.0','method':'notifications/message','params':{}}",
                                    "{'jsonrpc':'2.0','id':'p','method':'ping'}",
                                    "{'jsonrpc':'2.0','id':'s','method':'sampling/createMessage'}",
                                    "{'jsonrpc':'2.0','id':'other','result':{'content':['no']}}",
                                    "{'jsonrpc':'2.0','id':" + own + ",'result':{'content':[]}}",
                                    "{'jsonrpc':'2.0','id':"
                                            + own
                                            + ",'result':{'content':[1]}}")) {
                        McpPeer.event(events, each);
                    }
                    exchange.close();
                });
    }
}
