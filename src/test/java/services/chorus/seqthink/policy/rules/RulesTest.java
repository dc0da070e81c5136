package services.chorus.seqthink.policy.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.rules.Rules.Decision;
import services.chorus.seqthink.policy.rules.Rules.Decision.Allowed;
import services.chorus.seqthink.policy.rules.Rules.Decision.LacksScopes;
import services.chorus.seqthink.policy.rules.Rules.Decision.NotAllowed;

class RulesTest {

    private static final JsonNode NOTHING = StrictJson.object();

    private final WrittenRules written = new WrittenRules();

    @Test
    void everythingIsAllowedWithoutRules() {
        assertThat(decide("read")).isEqualTo(new Allowed());
        assertThat(written.rules().decide(AccessRequest.method("tools/list"), Set.of()))
                .isEqualTo(new Allowed());
        assertThat(written.rules().findings(AccessRequest.call("read", NOTHING))).isEmpty();
    }

    @Test
    void theShortFormRequiresScopesForItsToolsAndAllowsOthers() {
        written.set("tool-scopes", "write=files.write, read = files.read,write=files.own");

        assertThat(decide("read")).isEqualTo(new LacksScopes(Set.of("files.read")));
        assertThat(decide("read", "files.read")).isEqualTo(new Allowed());
        assertThat(decide("write", "files.write"))
                .isEqualTo(new LacksScopes(Set.of("files.write", "files.own")));
        assertThat(decide("write", "files.own", "files.write")).isEqualTo(new Allowed());
        assertThat(decide("think")).isEqualTo(new Allowed());
        assertThat(decide("Read")).isEqualTo(new Allowed());
    }

    @Test
    void theShortFormAcceptsScopesWithAnEqualsSign() {
        written.set("tool-scopes", "read=a=b");

        assertThat(decide("read")).isEqualTo(new LacksScopes(Set.of("a=b")));
    }

    @Test
    void aTableDeniesUnmatchedCallsAndMethods() {
        written.set("rule[0].tool", "read").set("tool-scopes", "think=thoughts");

        assertThat(decide("read")).isEqualTo(new Allowed());
        assertThat(decide("think", "thoughts")).isEqualTo(new Allowed());
        assertThat(decide("write", "thoughts")).isEqualTo(new NotAllowed());
        assertThat(written.rules().decide(AccessRequest.method("tools/list"), Set.of()))
                .isEqualTo(new NotAllowed());
    }

    @Test
    void theShortFormAloneDeniesOtherMethods() {
        written.set("tool-scopes", "think=thoughts");

        assertThat(
                        written.rules()
                                .decide(AccessRequest.method("resources/read"), Set.of("thoughts")))
                .isEqualTo(new NotAllowed());
    }

    @Test
    void aRuleForAMethodIsForThatMethodOnly() {
        written.set("rule[0].method", "tools/list").set("rule[0].scopes[0]", "list");
        Rules rules = written.rules();

        assertThat(rules.decide(AccessRequest.method("tools/list"), Set.of("list")))
                .isEqualTo(new Allowed());
        assertThat(rules.decide(AccessRequest.method("tools/list"), Set.of()))
                .isEqualTo(new LacksScopes(Set.of("list")));
        assertThat(rules.decide(AccessRequest.method("Tools/list"), Set.of("list")))
                .isEqualTo(new NotAllowed());
        assertThat(rules.decide(AccessRequest.call("tools/list", NOTHING), Set.of("list")))
                .isEqualTo(new NotAllowed());
    }

    @Test
    void scopesOfAllRulesThatMatchAreNeededAndNamedAtOnceInOrder() {
        written.set("rule[0].tool", "*")
                .set("rule[0].scopes[0]", "tools")
                .set("rule[1].tool", "read")
                .set("rule[1].scopes[0]", "z")
                .set("rule[1].scopes[1]", "a,b")
                .set("rule[2].tool", "write")
                .set("rule[2].scopes[0]", "write");

        assertThat(decide("read", "z"))
                .isInstanceOfSatisfying(
                        LacksScopes.class,
                        lacks -> assertThat(lacks.needed()).containsExactly("tools", "z", "a,b"));
        assertThat(decide("read", "a,b", "z", "tools", "more")).isEqualTo(new Allowed());
    }

    @Test
    void allConditionsOfARuleMustHold() {
        written.set("rule[0].tool", "read")
                .set("rule[0].when[0].pointer", "/path")
                .set("rule[0].when[0].prefix", "/srv/")
                .set("rule[0].when[1].pointer", "/lines")
                .set("rule[0].when[1].most", "10");

        assertThat(decide("read", json("{\"path\":\"/srv/a\",\"lines\":10}")))
                .isEqualTo(new Allowed());
        for (String other :
                List.of(
                        "{\"path\":\"/srv/a\",\"lines\":11}",
                        "{\"path\":\"/etc/a\",\"lines\":10}",
                        "{\"path\":\"/srv/a\"}",
                        "{\"lines\":10}",
                        "{}")) {
            assertThat(decide("read", json(other))).as(other).isEqualTo(new NotAllowed());
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "5,5,true",
                "5,5.0,true",
                "5,5.000000000000000000000000000001,false",
                "5,0.5e1,true",
                "5,\"5\",false",
                "\"5\",5,false",
                "\"a\",\"a\",true",
                "\"a\",\"A\",false",
                "\"a\",\"a \",false",
                "\"\",\"\",true",
                "\"\",null,false",
                "true,true,true",
                "true,\"true\",false",
                "true,1,false",
                "false,null,false",
                "0,false,false",
                "0,-0.0,true",
                "9007199254740993,9007199254740992,false",
                "9007199254740993,9007199254740993,true",
                "1,1e2147483647,false",
                "1,[1],false",
                "1,{},false"
            })
    void equalsComparesKindAndValue(String wanted, String given, boolean allowed) {
        when("equals", wanted);

        assertDecided(given, allowed);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "/srv/,\"/srv/a\",true",
                "/srv/,\"/srv/\",true",
                "/srv/,\"/srv\",false",
                "/srv/,\"/SRV/a\",false",
                "/srv/,\" /srv/a\",false",
                "1,10,false",
                "t,true,false",
                "a,[\"a\"],false",
                "a,null,false",
                " a,\" ab\",true",
                " a,\"ab\",false",
                "a,\"\u0061\u0301\",true",
                "\u00e1,\"\u0061\u0301\",false"
            },
            ignoreLeadingAndTrailingWhitespace = false)
    void prefixComparesCharacters(String wanted, String given, boolean allowed) {
        when("prefix", wanted);

        assertDecided(given, allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "1,10,1,true",
        "1,10,10,true",
        "1,10,10.0000000000000000000000000000000001,false",
        "1,10,0.9999999999999999999999999999999999,false",
        "1,10,1e1,true",
        "1,10,1e2147483647,false",
        "1,10,-1e2147483647,false",
        "1,,1e2147483647,true",
        ",10,-1e2147483647,true",
        ",10,11,false",
        "1,10,'\"5\"',false",
        "1,10,true,false",
        "1,10,null,false",
        "1,10,[5],false"
    })
    void rangesIncludeTheirBounds(String least, String most, String given, boolean allowed) {
        if (least != null) {
            when("least", least);
        }
        if (most != null) {
            when("most", most);
        }

        assertDecided(given, allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/1", "/a~1b", "/a~0b", "/", "/list/1", "/deep/list/0/x", "/ "})
    void pointersFindWhatRfc6901Says(String pointer) {
        JsonNode arguments =
                json(
                        """
                        {"a": {"1": 7}, "a/b": 7, "a~b": 7, "": 7, "list": [0, 7], " ": 7,
                         "deep": {"list": [{"x": 7}]}}\
                        """);
        written.set("rule[0].tool", "*")
                .set("rule[0].when[0].pointer", pointer)
                .set("rule[0].when[0].equals", "7");

        assertThat(decide("read", arguments)).isEqualTo(new Allowed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/list/01", "/list/-", "/list/2", "/list/+1", "/list/x", "/no/1", "/s/0"})
    void aPointerToAMissingValueDoesNotMatch(String pointer) {
        written.set("rule[0].tool", "*")
                .set("rule[0].when[0].pointer", pointer)
                .set("rule[0].when[0].equals", "7");

        assertThat(decide("read", json("{\"list\": [7, 7], \"s\": \"7\"}")))
                .isEqualTo(new NotAllowed());
    }

    @Test
    void reportsForEachRuleWhetherItMatches() {
        written.set("rule[0].tool", "read")
                .set("rule[0].scopes[0]", "read")
                .set("rule[0].when[0].pointer", "/path")
                .set("rule[0].when[0].prefix", "/srv/")
                .set("rule[1].method", "tools/list")
                .set("rule[2].tool", "*")
                .set("rule[2].when[0].pointer", "/lines")
                .set("rule[2].when[0].least", "1")
                .set("rule[2].when[0].most", "10")
                .set("tool-scopes", "write=files.write");

        assertThat(
                        written.rules()
                                .findings(AccessRequest.call("read", json("{\"path\":\"/etc\"}"))))
                .extracting(finding -> finding.rule() + ": " + finding.mismatch().orElse("matches"))
                .containsExactly(
                        "rule #1: /path is not a string that begins with \"/srv/\"",
                        "rule #2: it is for the method tools/list",
                        "rule #3: /lines points to nothing",
                        "TOOL_SCOPES write=files.write: it is for the tool write");
        assertThat(
                        written
                                .rules()
                                .findings(
                                        AccessRequest.call(
                                                "read", json("{\"path\":\"/srv/\",\"lines\":0}")))
                                .stream()
                                .map(finding -> finding.mismatch().orElse("matches")))
                .startsWith(
                        "matches",
                        "it is for the method tools/list",
                        "/lines is not a number, at least 1, at most 10");
    }

    private void when(String key, String value) {
        written.set("rule[0].tool", "read")
                .set("rule[0].when[0].pointer", "/x")
                .set("rule[0].when[0]." + key, value);
    }

    private void assertDecided(String given, boolean allowed) {
        assertThat(decide("read", json("{\"x\":" + given + "}")))
                .isEqualTo(allowed ? new Allowed() : new NotAllowed());
        assertThat(decide("read", json("{\"y\":" + given + "}"))).isEqualTo(new NotAllowed());
    }

    private Decision decide(String tool, String... scopes) {
        return written.rules().decide(AccessRequest.call(tool, NOTHING), Set.of(scopes));
    }

    private Decision decide(String tool, JsonNode arguments) {
        return written.rules().decide(AccessRequest.call(tool, arguments), Set.of());
    }

    private static JsonNode json(String text) {
        return StrictJson.parse(text.getBytes(UTF_8)).orElseThrow();
    }
}
