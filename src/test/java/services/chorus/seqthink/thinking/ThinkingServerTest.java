package services.chorus.seqthink.thinking;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.mcp.Messages.id;
import static services.chorus.seqthink.mcp.Messages.json;
import static services.chorus.seqthink.mcp.Messages.message;
import static services.chorus.seqthink.mcp.Messages.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.mcp.Channel;
import services.chorus.seqthink.mcp.Message;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.Messages;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.testing.States;

class ThinkingServerTest {

    private final SealedState state = States.inMemory();
    private final Upstream server = new ThinkingServer(state);

    @AfterEach
    void stop() {
        state.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-11-05,2024-11-05",
        "2025-11-25,2025-11-25",
        "2023-01-01,2025-11-25",
        "2026-07-28,2025-11-25"
    })
    void negotiatesARevision(String asked, String agreed) throws Exception {
        String params = "{'protocolVersion':'%s','capabilities':{},'clientInfo':{}}";

        JsonNode answer = result("initialize", params.formatted(asked));

        assertThat(answer.get("protocolVersion").textValue()).isEqualTo(agreed);
        assertThat(answer.get("capabilities")).isEqualTo(json("{'tools':{}}"));
        assertThat(answer.at("/serverInfo/name").textValue()).isEqualTo("seqthink-thinking");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "'mine'"})
    void answersAPingUnderItsId(String own) throws Exception {
        Request ping = new Request(id(own), "ping", Optional.empty());

        assertThat(Messages.all(alice().send(ping)))
                .containsExactly(new Response(id(own), json("{}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'jsonrpc':'2.0','method':'notifications/initialized'}",
                "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':1}}",
                "{'jsonrpc':'2.0','id':1,'result':{}}",
                "{'jsonrpc':'2.0','id':1,'error':{'code':1,'message':'no'}}"
            })
    void ignoresNotificationsAndAnswers(String json) throws Exception {
        assertThat(Messages.all(alice().send(message(json)))).isEmpty();
    }

    @Test
    void listsItsTool() throws Exception {
        JsonNode tools = result("tools/list", "{}").get("tools");

        assertThat(tools).hasSize(1);
        assertThat(tools.at("/0/name").textValue()).isEqualTo("sequentialthinking");
        assertThat(tools.at("/0/inputSchema/required")).hasSize(4);
        assertThat(tools.at("/0/inputSchema/properties")).hasSize(9);
        assertThat(tools.at("/0/inputSchema/properties/thought/maxLength").intValue())
                .isEqualTo(Thought.MAX_THOUGHT_LENGTH);
        assertThat(tools.at("/0/inputSchema/properties/branchId/maxLength").intValue())
                .isEqualTo(Thought.MAX_BRANCH_LENGTH);
        assertThat(tools.at("/0/outputSchema/required")).hasSize(5);
        assertThat(tools.at("/0/annotations/openWorldHint").isBoolean()).isTrue();
    }

    @Test
    void answersACallAccordingToItsOutputSchema() throws Exception {
        JsonNode required = result("tools/list", "{}").at("/tools/0/outputSchema/required");
        Request call =
                request(
                        "'mine'",
                        "tools/call",
                        "{'name':'sequentialthinking','arguments':{'thought':'a thought',"
                                + "'nextThoughtNeeded':true,'thoughtNumber':2,'totalThoughts':1,"
                                + "'branchFromThought':1,'branchId':'b'}}");

        Messages.all(alice().send(call));
        List<Message> second = Messages.all(alice().send(call));

        assertThat(second).hasSize(1);
        Response response = (Response) second.getFirst();
        JsonNode standing = response.result().get("structuredContent");
        assertThat(response.id()).isEqualTo(id("'mine'"));
        assertThat(standing)
                .hasToString(
                        "{\"thoughtNumber\":2,\"totalThoughts\":2,\"nextThoughtNeeded\":true,"
                                + "\"branches\":[\"b\"],\"thoughtHistoryLength\":2}");
        assertThat(json(response.result().at("/content/0/text").textValue()))
                .hasToString(standing.toString());
        assertThat(response.result().has("isError")).isFalse();
        assertThat(standing.properties())
                .extracting(member -> member.getKey())
                .containsExactlyInAnyOrderElementsOf(
                        required.valueStream().map(JsonNode::textValue).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    -32601 | resources/list | {}
                    -32601 | ``             | {}
                    -32602 | initialize     | {}
                    -32602 | initialize     | {'protocolVersion':1}
                    -32602 | tools/list     | {'cursor':'x'}
                    -32602 | tools/call     | {}
                    -32602 | tools/call     | {'name':'other'}
                    -32602 | tools/call     | {'name':'other','arguments':{}}
                    -32602 | tools/call     | {'name':'sequentialthinking'}
                    -32602 | tools/call     | {'name':'sequentialthinking','arguments':[]}
                    """)
    void answersErrorsWithJsonRpcCodes(int code, String method, String params) throws Exception {
        assertFails(code, request("'mine'", method, params));
    }

    @ParameterizedTest
    @CsvSource({"-32602,initialize", "-32602,tools/call", "-32601,prompts/list"})
    void answersErrorsWithoutParametersToo(int code, String method) throws Exception {
        assertFails(code, new Request(id("'mine'"), method, Optional.empty()));
    }

    private void assertFails(int code, Request request) throws Exception {
        assertThat(Messages.all(alice().send(request)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> {
                            assertThat(failure.id()).hasValue(request.id());
                            assertThat(failure.code()).isEqualTo(code);
                            assertThat(failure.text()).isNotBlank();
                        });
    }

    private JsonNode result(String method, String params) throws Exception {
        List<Message> received = Messages.all(alice().send(request("1", method, params)));
        assertThat(received).hasSize(1);
        return ((Response) received.getFirst()).result();
    }

    private Channel alice() {
        return server.channel(new History("alice", "alice"));
    }
}
