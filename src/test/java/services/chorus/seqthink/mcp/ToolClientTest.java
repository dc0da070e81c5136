package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.mcp.Messages.id;
import static services.chorus.seqthink.mcp.Messages.json;
import static services.chorus.seqthink.mcp.Messages.message;

import com.fasterxml.jackson.databind.node.IntNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

class ToolClientTest {

    private final Script script = new Script();

    @Test
    void sendsTheToolAndItsArguments() throws Exception {
        script.says("{'content':[]}");

        new ToolClient(script).call("tool", StrictJson.object().put("a", 1));

        assertThat(script.sent)
                .singleElement()
                .isInstanceOfSatisfying(
                        Request.class,
                        call -> {
                            assertThat(call.method()).isEqualTo("tools/call");
                            assertThat(call.params().orElseThrow())
                                    .isEqualTo(json("{'name':'tool','arguments':{'a':1}}"));
                        });
        assertThat(script.closed).isEqualTo(1);
    }

    @Test
    void prefersAStructuredObject() throws Exception {
        script.says("{'content':[{'type':'text','text':'1'}],'structuredContent':{'one':1}}");

        assertThat(call()).isEqualTo(new Result(json("{'one':1}")));
    }

    @Test
    void prefersOtherContentToAStructuredScalar() throws Exception {
        script.says("{'content':[1],'structuredContent':7}");

        assertThat(call()).isEqualTo(new Result(json("{'content':[1]}")));
    }

    @Test
    void returnsAStructuredScalarWithoutOtherContent() throws Exception {
        script.says("{'structuredContent':7}");

        assertThat(call()).isEqualTo(new Result(IntNode.valueOf(7)));
    }

    @Test
    void wrapsContentInAnObject() throws Exception {
        script.says("{'content':[],'_meta':{'a':1}}");

        assertThat(call()).isEqualTo(new Result(json("{'content':[]}")));
    }

    @Test
    void returnsToolErrors() throws Exception {
        String result =
                "{'isError':true,'content':[{'type':'text','text':'too'},"
                        + "{'type':'image'},{'type':'text','text':'bad'}]}";
        script.says(result);

        assertThat(call()).isEqualTo(new ToolFailed("too\nbad", Optional.of(json(result))));
    }

    @ParameterizedTest
    @ValueSource(ints = {-32602, -32601, -32603, -32000})
    void returnsErrorsOfTheServer(int code) throws Exception {
        script.says(failure(code, Optional.of("{'a':1}")));
        assertThat(call()).isEqualTo(new ToolFailed("SECRET", Optional.of(json("{'a':1}"))));

        script.says(failure(code, Optional.empty()));
        assertThat(call()).isEqualTo(new ToolFailed("SECRET", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-32700, -32600})
    void reportsABrokenReplyIfTheServerRejectsTheMessage(int code) {
        script.says(failure(code, Optional.empty()));

        assertThat(Failures.kind(this::call)).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(script.closed).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'content':'text'}", "[]", "null"})
    void rejectsInvalidResults(String result) {
        script.says(result);

        assertThat(Failures.kind(this::call)).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(script.closed).isEqualTo(1);
    }

    @Test
    void ignoresNotifications() throws Exception {
        script.messages.add(message("{'jsonrpc':'2.0','method':'notifications/progress'}"));
        script.says("{'content':[]}");

        assertThat(call()).isEqualTo(new Result(json("{'content':[]}")));
        assertThat(script.sent).hasSize(1);
    }

    @Test
    void answersPingsAndDeclinesOtherRequests() throws Exception {
        script.messages.add(message("{'jsonrpc':'2.0','id':'p','method':'ping'}"));
        script.messages.add(message("{'jsonrpc':'2.0','id':1,'method':'roots/list'}"));
        script.messages.add(message("{'jsonrpc':'2.0','id':2,'method':'elicitation/create'}"));
        script.says("{'content':[]}");

        assertThat(call()).isEqualTo(new Result(json("{'content':[]}")));
        await().until(() -> script.sent.size() == 4);
        assertThat(script.sent.subList(1, 4))
                .containsExactlyInAnyOrder(
                        new Response(id("'p'"), json("{}")), declined("1"), declined("2"));
    }

    @Test
    void failsWhenTheStreamEndsWithoutAnAnswer() {
        assertThat(Failures.kind(this::call)).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(script.closed).isEqualTo(1);
    }

    @Test
    void closesTheStreamWhenTheCallerGivesUp() {
        script.interrupts = true;

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(this::call);
        assertThat(script.closed).isEqualTo(1);
    }

    private ToolReply call() throws UpstreamException, InterruptedException {
        return new ToolClient(script).call("tool", StrictJson.object());
    }

    private static Message declined(String id) {
        return new Failure(
                Optional.of(id(id)), ErrorCode.METHOD_NOT_FOUND, "This client accepts no requests");
    }

    private static Failure failure(int code, Optional<String> data) {
        return new Failure(Optional.empty(), code, "SECRET", data.map(Messages::json));
    }

    /** A channel that replies to the call with given messages and accepts all others. */
    private static final class Script implements Channel {

        private final List<Message> messages = new ArrayList<>();
        private final List<Message> sent = new CopyOnWriteArrayList<>();
        private boolean interrupts;
        private int closed;

        void says(String result) {
            messages.add(new Response(MessageId.of(0), json(result)));
        }

        void says(Failure failure) {
            messages.clear();
            messages.add(failure);
        }

        @Override
        public MessageStream send(Message message) {
            sent.add(message);
            if (!(message instanceof Request request)) {
                return MessageStream.NONE;
            }
            Iterator<Message> next =
                    messages.stream().map(each -> each.withId(request.id())).toList().iterator();
            return new MessageStream() {

                @Override
                public Optional<Message> next() throws InterruptedException {
                    if (interrupts) {
                        throw new InterruptedException();
                    }
                    return next.hasNext() ? Optional.of(next.next()) : Optional.empty();
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }
}
