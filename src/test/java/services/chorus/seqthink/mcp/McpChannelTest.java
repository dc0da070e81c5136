package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.mcp.Messages.id;
import static services.chorus.seqthink.mcp.Messages.json;
import static services.chorus.seqthink.mcp.Messages.message;
import static services.chorus.seqthink.mcp.Messages.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.testing.FaultyServer;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class McpChannelTest extends WithMcpPeer {

    private static final String RESULT =
            "{'content':[{'type':'text','text':'one'},"
                    + "{'type':'image','data':'iVBORw0KGgo=','mimeType':'image/png',"
                    + "'annotations':{'audience':['user'],'priority':0.90}},"
                    + "{'type':'resource','resource':{'uri':'file:///a','text':'a'}}],"
                    + "'structuredContent':{'one':1,'none':null,'exact':1.10},"
                    + "'isError':false,'_meta':{'trace':'t'},'unknown':[true]}";

    private static final List<String> BEFORE =
            List.of(
                    "{'jsonrpc':'2.0','method':'notifications/progress',"
                            + "'params':{'progressToken':'p','progress':1,'total':2}}",
                    "{'jsonrpc':'2.0','method':'notifications/message',"
                            + "'params':{'level':'info','data':{'a':[1]}}}",
                    "{'jsonrpc':'2.0','id':'s','method':'sampling/createMessage','params':{}}",
                    "{'jsonrpc':'2.0','id':7,'method':'elicitation/create',"
                            + "'params':{'message':'sure?'}}",
                    "{'jsonrpc':'2.0','id':'p','method':'ping'}",
                    "{'jsonrpc':'2.0','method':'notifications/progress',"
                            + "'params':{'progressToken':'p','progress':2,'total':2}}");

    @Test
    void forwardsAllMessagesOfARequestUnchangedInOrder() throws Exception {
        peer.does(
                (exchange, request) -> {
                    OutputStream events = McpPeer.events(exchange);
                    McpPeer.event(events, "");
                    for (String each : BEFORE) {
                        McpPeer.event(events, each);
                    }
                    McpPeer.event(events, answer("'another'", "{'content':['no']}"));
                    McpPeer.event(events, answer(request.id().value().toString(), RESULT));
                    McpPeer.event(events, BEFORE.getFirst());
                    McpPeer.event(events, answer(request.id().value().toString(), "{}"));
                    exchange.close();
                });

        List<Message> received = Messages.all(channel("alice").send(Messages.call("'mine'")));

        assertThat(received)
                .containsExactlyElementsOf(
                        Stream.concat(BEFORE.stream(), Stream.of(answer("'mine'", RESULT)))
                                .map(Messages::message)
                                .toList());
    }

    @Test
    void forwardsTheCompleteResultOfAPlainJsonReply() throws Exception {
        String result = json(RESULT).toString();
        peer.does((exchange, request) -> McpPeer.result(exchange, request, result));

        assertThat(Messages.all(channel("alice").send(Messages.call("1"))))
                .containsExactly(message(answer("1", RESULT)));
    }

    @Test
    void forwardsAMessageWhenItArrives() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        peer.does(
                (exchange, request) -> {
                    OutputStream events = McpPeer.events(exchange);
                    McpPeer.event(events, BEFORE.getFirst());
                    FaultyServer.await(seen);
                    McpPeer.event(events, answer(request.id().value().toString(), "{}"));
                    exchange.close();
                });

        try (MessageStream replies = channel("alice").send(Messages.call("1"))) {
            assertThat(replies.next()).hasValue(message(BEFORE.getFirst()));
            seen.countDown();
            assertThat(replies.next()).hasValue(message(answer("1", "{}")));
            assertThat(replies.next()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-5", "9007199254740993", "''", "'1'", "'a\\u00e9'"})
    void sendsUniqueIdsAndRestoresThoseOfTheCaller(String own) throws Exception {
        peer.does(McpChannelTest::echo);
        String params = "{'name':'t','arguments':{'n':1.50},'_meta':{'progressToken':7}}";

        for (int twice = 0; twice < 2; twice++) {
            Request asked = request(own, "tools/call", params);
            assertThat(Messages.all(channel("alice").send(asked)))
                    .containsExactly(new Response(id(own), json(params)));
        }

        assertThat(requests("tools/call"))
                .hasSize(2)
                .allSatisfy(sent -> assertThat(sent.params()).hasValue((ObjectNode) json(params)))
                .extracting(Request::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void sendsAnyMethodWithItsParametersOrNone() throws Exception {
        Request bare = new Request(id("1"), "resources/list", Optional.empty());

        Messages.all(channel("alice").send(bare));

        assertThat(requests("resources/list"))
                .singleElement()
                .satisfies(sent -> assertThat(sent.params()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void forwardsAFailureUnderTheCallersId(boolean named) throws Exception {
        Failure theirs = new Failure(Optional.empty(), -32042, "no", Optional.of(json("{'a':1}")));
        peer.does(
                (exchange, request) -> {
                    Message failure = named ? theirs.withId(request.id()) : theirs;
                    String body = new String(failure.bytes(), UTF_8);
                    McpPeer.send(exchange, 200, "application/json", body);
                });

        assertThat(Messages.all(channel("alice").send(Messages.call("'mine'"))))
                .containsExactly(theirs.withId(id("'mine'")));
    }

    @Test
    void separatesConcurrentRequestsWithTheSameId() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        peer.does(
                (exchange, request) -> {
                    both.countDown();
                    FaultyServer.await(both);
                    echo(exchange, request);
                });

        List<MessageStream> replies = new ArrayList<>();
        for (String params : List.of("{'mine':1}", "{'yours':2}")) {
            replies.add(channel("alice").send(request("7", "tools/call", params)));
        }

        assertThat(Messages.all(replies.get(1)))
                .containsExactly(new Response(id("7"), json("{'yours':2}")));
        assertThat(Messages.all(replies.get(0)))
                .containsExactly(new Response(id("7"), json("{'mine':1}")));
        assertThat(peer.received("tools/call"))
                .extracting(sent -> sent.header("Mcp-session-id"))
                .containsExactly("session-1", "session-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'jsonrpc':'2.0','method':'notifications/roots/list_changed','params':{'a':1}}",
                "{'jsonrpc':'2.0','id':'s','result':{'roots':[]}}",
                "{'jsonrpc':'2.0','id':7,'error':{'code':-1,'message':'no','data':{'a':1}}}"
            })
    void deliversNotificationsAndAnswers(String json) throws Exception {
        Message sent = message(json);

        assertThat(Messages.all(channel("alice").send(sent))).isEmpty();

        assertThat(peer.received(sent.tree().path("method").asText()))
                .singleElement()
                .satisfies(
                        came -> {
                            assertThat(came.message()).isEqualTo(sent);
                            assertThat(came.header("Mcp-session-id")).isEqualTo("session-1");
                            assertThat(came.header("Mcp-protocol-version")).isEqualTo("2025-11-25");
                        });
    }

    @ParameterizedTest
    @CsvSource({"500,BROKEN_REPLY", "400,BROKEN_REPLY", "302,BROKEN_REPLY"})
    void reportsARejectedNotification(int status, Kind kind) throws Exception {
        Channel channel = channel("alice");
        Messages.all(channel.send(Messages.call("1")));
        peer.takes(exchange -> McpPeer.send(exchange, status, "text/plain", "SECRET"));

        assertThat(Failures.kind(() -> channel.send(message(BEFORE.getFirst())))).isEqualTo(kind);
    }

    @Test
    void letsTheCallerAnswerARequestOfTheServer() throws Exception {
        peer.does(
                (exchange, request) -> {
                    OutputStream events = McpPeer.events(exchange);
                    McpPeer.event(events, "{'jsonrpc':'2.0','id':'e','method':'elicit'}");
                    await().atMost(PATIENCE).until(() -> !peer.answers().isEmpty());
                    String result = peer.answers().getFirst().tree().get("result").toString();
                    McpPeer.event(events, answer(request.id().value().toString(), result));
                    exchange.close();
                });

        Channel channel = channel("alice");
        try (MessageStream replies = channel.send(Messages.call("1"))) {
            assertThat(replies.next()).hasValue(new Request(id("'e'"), "elicit", Optional.empty()));
            channel.send(new Response(id("'e'"), json("{'action':'accept'}"))).close();

            assertThat(replies.next()).hasValue(message(answer("1", "{'action':'accept'}")));
        }
    }

    private List<Request> requests(String method) {
        return peer.received(method).stream()
                .map(McpPeer.Received::message)
                .map(Request.class::cast)
                .toList();
    }

    private static void echo(HttpExchange exchange, Request request) throws IOException {
        McpPeer.result(exchange, request, request.params().orElseThrow().toString());
    }

    private static String answer(String id, String result) {
        return "{'jsonrpc':'2.0','id':" + id + ",'result':" + result + "}";
    }
}
