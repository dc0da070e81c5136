package services.chorus.seqthink.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Variable;

class RulesCheckTest {

    private final WrittenRules written = new WrittenRules();

    @Test
    void acceptsAnEmptyTable() {
        assertThat(written.faults()).isEmpty();
    }

    @Test
    void requiresAToolForCallsAndForbidsItForOtherMethods() {
        written.set("rule[0].scopes[0]", "x")
                .set("rule[1].tool", "read")
                .set("rule[2].method", "tools/list")
                .set("rule[2].tool", "*")
                .set("rule[3].method", "tools/list");

        assertThat(written.faults())
                .extracting(Fault::line)
                .containsExactly(
                        "seqthink.policy.rule[0] names no tool: set tool to a tool's name, or to * for any",
                        "seqthink.policy.rule[2] has a tool or a when, which apply only to tools/call: remove"
                                + " them, or remove the method");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "#/path", "/a~", "/a~2", "/a~b"})
    void requiresAValidPointer(String pointer) {
        condition("pointer", pointer, "equals", "1");

        assertThat(written.faults())
                .singleElement()
                .extracting(Fault::line)
                .asString()
                .startsWith("seqthink.policy.rule[0].when[0] has no valid pointer: ");
    }

    @Test
    void requiresACriterionForAPointer() {
        condition("pointer", "/x");
        assertSays("needs exactly one of equals, prefix, and least or most");
    }

    @Test
    void requiresAPointerForACriterion() {
        condition("equals", "1");
        assertSays("has no valid pointer");
    }

    @Test
    void rejectsTwoCriteriaInOneCondition() {
        condition("pointer", "/x", "equals", "1", "prefix", "a");
        assertSays("needs exactly one of equals, prefix, and least or most");
    }

    @Test
    void rejectsACriterionBesideABound() {
        condition("pointer", "/x", "prefix", "a", "most", "1");
        assertSays("needs exactly one of equals, prefix, and least or most");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[1]", "a", "'a'", "1 2", "01", "NaN", "\"a"})
    void requiresAScalarInEquals(String json) {
        condition("pointer", "/x", "equals", json);
        assertSays("has an equals that is not a scalar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ten", "NaN", "Infinity", "0x10", "1e99999999999"})
    void requiresNumbersAsBounds(String bound) {
        condition("pointer", "/x", "least", bound);
        assertSays("has a bound that is not a number");
    }

    @Test
    void requiresLeastNotAboveMost() {
        condition("pointer", "/x", "least", "2", "most", "1.9");
        assertSays("has a least above its most");
    }

    @Test
    void requiresValidScopes() {
        written.set("rule[0].tool", "read").set("rule[0].scopes[0]", "two words");
        assertThat(written.faults())
                .singleElement()
                .extracting(Fault::problem)
                .isEqualTo("has an invalid scope");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b | true",
                "a=b,c=d | true",
                "a=b, a = c | true",
                "*=b | true",
                "a | false",
                "=b | false",
                "a= | false",
                "a=b, | false",
                "a=b c | false",
                "a=\"b\" | false"
            })
    void checksPairsOfTheShortForm(String value, boolean usable) {
        Variable toolScopes = RulesConfig.SECTION.variables().getFirst();

        assertThat(toolScopes.fault(value).isEmpty()).isEqualTo(usable);
    }

    private void condition(String... keysAndValues) {
        written.set("rule[0].tool", "read");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            written.set("rule[0].when[0]." + keysAndValues[i], keysAndValues[i + 1]);
        }
    }

    private void assertSays(String problem) {
        assertThat(written.faults())
                .singleElement()
                .satisfies(
                        fault -> {
                            assertThat(fault.variable())
                                    .isEqualTo("seqthink.policy.rule[0].when[0]");
                            assertThat(fault.problem()).isEqualTo(problem);
                        });
    }
}
