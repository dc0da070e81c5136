package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;

class MessageTest {

    @Test
    void distinguishesTheFourKinds() {
        assertThat(parse("{'jsonrpc':'2.0','id':7,'method':'ping'}"))
                .isEqualTo(new Request(MessageId.of(7), "ping", Optional.empty()));
        assertThat(parse("{'jsonrpc':'2.0','method':'done','params':{}}"))
                .isEqualTo(new Notification("done", Optional.of(StrictJson.object())));
        assertThat(parse("{'jsonrpc':'2.0','id':'a','result':'yes'}"))
                .isEqualTo(
                        new Response(
                                new MessageId(TextNode.valueOf("a")), TextNode.valueOf("yes")));
        assertThat(parse("{'jsonrpc':'2.0','id':null,'error':{'code':-32700,'message':'no'}}"))
                .isEqualTo(new Failure(Optional.empty(), ErrorCode.PARSE_ERROR, "no"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'jsonrpc':'2.0','id':7,'method':'m','params':{'a':[1]}}",
                "{'jsonrpc':'2.0','id':12345678901,'method':'m'}",
                "{'jsonrpc':'2.0','method':'m'}",
                "{'jsonrpc':'2.0','id':'7','result':null}",
                "{'jsonrpc':'2.0','id':7,'error':{'code':1,'message':'no','data':{'a':1}}}",
                "{'jsonrpc':'2.0','id':null,'error':{'code':1,'message':'no'}}"
            })
    void writesAMessageUnchanged(String json) {
        Message message = parse(json);

        assertThat(Message.parse(message.bytes())).isEqualTo(message);
        assertThat(message.tree()).isEqualTo(Messages.json(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{'jsonrpc':'2.0','id':1,'method':'ping'}]",
                "'text'",
                "{}",
                "{'id':1,'method':'m'}",
                "{'jsonrpc':null,'id':1,'method':'m'}",
                "{'jsonrpc':'1.0','id':1,'method':'m'}",
                "{'jsonrpc':2.0,'id':1,'method':'m'}",
                "{'jsonrpc':'2.0','id':1}",
                "{'jsonrpc':'2.0','id':null,'method':'m'}",
                "{'jsonrpc':'2.0','id':1.5,'method':'m'}",
                "{'jsonrpc':'2.0','id':true,'method':'m'}",
                "{'jsonrpc':'2.0','id':1,'method':3}",
                "{'jsonrpc':'2.0','id':1,'method':'m','params':[]}",
                "{'jsonrpc':'2.0','id':1,'method':'m','params':null}",
                "{'jsonrpc':'2.0','id':1,'method':'m','result':1}",
                "{'jsonrpc':'2.0','id':1,'result':1,'error':{'code':1,'message':''}}",
                "{'jsonrpc':'2.0','result':1}",
                "{'jsonrpc':'2.0','id':null,'result':1}",
                "{'jsonrpc':'2.0','id':1,'error':'no'}",
                "{'jsonrpc':'2.0','id':1,'error':{'code':'1','message':''}}",
                "{'jsonrpc':'2.0','id':1,'error':{'code':1.5,'message':''}}",
                "{'jsonrpc':'2.0','id':1,'error':{'code':99999999999,'message':''}}",
                "{'jsonrpc':'2.0','id':1,'error':{'code':1}}"
            })
    void rejectsInvalidMessages(String json) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> parse(json))
                .extracting(MalformedMessageException::code)
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{'jsonrpc'",
                "{'jsonrpc':'2.0','id':1,'id':2,'method':'ping'}",
                "{'jsonrpc':'2.0','id':1,'method':'ping'} {}"
            })
    void rejectsInvalidJson(String json) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> parse(json))
                .extracting(MalformedMessageException::code)
                .isEqualTo(ErrorCode.PARSE_ERROR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'jsonrpc':'2.0','id':7,'method':'m'}|false|false",
                "{'jsonrpc':'2.0','method':'m'}|false|false",
                "{'jsonrpc':'2.0','id':7,'result':1}|true|true",
                "{'jsonrpc':'2.0','id':'7','result':1}|true|false",
                "{'jsonrpc':'2.0','id':8,'result':1}|true|false",
                "{'jsonrpc':'2.0','id':7,'error':{'code':1,'message':'no'}}|true|true",
                "{'jsonrpc':'2.0','id':8,'error':{'code':1,'message':'no'}}|true|false",
                "{'jsonrpc':'2.0','id':null,'error':{'code':1,'message':'no'}}|true|true"
            })
    void matchesAnswersToRequests(String json, boolean isAnswer, boolean answersSeven) {
        assertThat(parse(json).isAnswer()).isEqualTo(isAnswer);
        assertThat(parse(json).answers(MessageId.of(7))).isEqualTo(answersSeven);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':7,'result':{'a':1}}|{'id':'a','result':{'a':1}}",
                "{'id':7,'error':{'code':1,'message':'no','data':2}}"
                        + "|{'id':'a','error':{'code':1,'message':'no','data':2}}",
                "{'id':null,'error':{'code':1,'message':'no'}}"
                        + "|{'id':'a','error':{'code':1,'message':'no'}}",
                "{'id':7,'method':'m','params':{}}|{'id':7,'method':'m','params':{}}",
                "{'method':'m'}|{'method':'m'}"
            })
    void replacesTheIdOfAnAnswerOnly(String json, String other) {
        String version = "{'jsonrpc':'2.0',";
        MessageId id = new MessageId(TextNode.valueOf("a"));

        assertThat(parse(version + json.substring(1)).withId(id))
                .isEqualTo(parse(version + other.substring(1)));
    }

    @Test
    void rejectsAFractionAsAnId() {
        DecimalNode fraction = DecimalNode.valueOf(BigDecimal.valueOf(1.5));

        assertThatIllegalArgumentException().isThrownBy(() -> new MessageId(fraction));
    }

    private static Message parse(String json) {
        return Messages.message(json);
    }
}
