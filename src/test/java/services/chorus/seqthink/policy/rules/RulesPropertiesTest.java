package services.chorus.seqthink.policy.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.rules.Rules.Decision;

/** Properties of all rules and requests. */
class RulesPropertiesTest {

    private static final List<String> TOOLS = List.of("read", "write", "think");
    private static final List<String> SCOPES = List.of("a", "b", "c");

    /** A rule with at most one condition, and a second implementation of it. */
    record Simple(String tool, Set<String> scopes, int most) {

        boolean matches(String called, int number) {
            return (tool.equals("*") || tool.equals(called)) && number <= most;
        }
    }

    @Property(tries = 200)
    void aRequestIsAllowedWithTheScopesOfAllMatchingRulesIfAnyMatches(
            @ForAll("tables") List<Simple> table,
            @ForAll("tools") String tool,
            @ForAll("scopes") Set<String> scopes,
            @ForAll("numbers") int number) {
        List<Simple> matching = table.stream().filter(rule -> rule.matches(tool, number)).toList();
        Set<String> needed = new HashSet<>();
        matching.forEach(rule -> needed.addAll(rule.scopes()));
        Decision expected =
                table.isEmpty() || (!matching.isEmpty() && scopes.containsAll(needed))
                        ? new Decision.Allowed()
                        : matching.isEmpty()
                                ? new Decision.NotAllowed()
                                : new Decision.LacksScopes(needed);

        assertThat(written(table).decide(call(tool, number), scopes)).isEqualTo(expected);
    }

    @Property(tries = 200)
    void moreScopesNeverDenyMore(
            @ForAll("tables") List<Simple> table,
            @ForAll("tools") String tool,
            @ForAll("scopes") Set<String> some,
            @ForAll("scopes") Set<String> others,
            @ForAll("numbers") int number) {
        Rules rules = written(table);
        Set<String> more = new HashSet<>(some);
        more.addAll(others);

        if (rules.decide(call(tool, number), some) instanceof Decision.Allowed) {
            assertThat(rules.decide(call(tool, number), more)).isEqualTo(new Decision.Allowed());
        }
    }

    @Property(tries = 200)
    void theNamedScopesAreSufficient(
            @ForAll("tables") List<Simple> table,
            @ForAll("tools") String tool,
            @ForAll("numbers") int number) {
        Rules rules = written(table);

        if (rules.decide(call(tool, number), Set.of())
                instanceof Decision.LacksScopes(Set<String> needed)) {
            assertThat(rules.decide(call(tool, number), needed)).isEqualTo(new Decision.Allowed());
        }
    }

    @Property
    void aPointerFindsExactlyItsMember(@ForAll String member, @ForAll String other) {
        ObjectNode arguments = StrictJson.object().put(member, 7);
        JsonPointer pointer = JsonPointer.compile(pointerTo(member));

        assertThat(Condition.POINTER.accepts(pointerTo(member))).isTrue();
        assertThat(arguments.at(pointer).intValue()).isEqualTo(7);
        assertThat(StrictJson.object().put(other, 7).at(pointer).isMissingNode())
                .isEqualTo(!member.equals(other));
        ObjectNode outer = StrictJson.object();
        outer.set(other, arguments);
        assertThat(outer.at(JsonPointer.compile(pointerTo(other) + pointerTo(member))).intValue())
                .isEqualTo(7);
    }

    @Property
    void numbersAreComparedByValue(@ForAll BigDecimal number, @ForAll BigDecimal other) {
        Condition equal =
                new Condition(
                        JsonPointer.compile("/x"),
                        new Condition.Equal(node(number.toPlainString())));

        for (String spelling :
                List.of(
                        number.toPlainString(),
                        number.toString(),
                        number.toEngineeringString(),
                        number.setScale(number.scale() + 5).toPlainString())) {
            assertThat(equal.mismatch(at(node(spelling)))).as(spelling).isEmpty();
        }
        assertThat(equal.mismatch(at(node(other.toString()))).isEmpty())
                .isEqualTo(number.compareTo(other) == 0);
    }

    @Provide
    Arbitrary<List<Simple>> tables() {
        Arbitrary<String> tool = Arbitraries.of("*", "read", "write");
        return Combinators.combine(tool, scopes(), numbers()).as(Simple::new).list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> tools() {
        return Arbitraries.of(TOOLS);
    }

    @Provide
    Arbitrary<Set<String>> scopes() {
        return Arbitraries.of(SCOPES).set();
    }

    @Provide
    Arbitrary<Integer> numbers() {
        return Arbitraries.integers().between(0, 3);
    }

    private static Rules written(List<Simple> table) {
        WrittenRules written = new WrittenRules();
        for (int i = 0; i < table.size(); i++) {
            String rule = "rule[" + i + "].";
            written.set(rule + "tool", table.get(i).tool())
                    .set(rule + "when[0].pointer", "/n")
                    .set(rule + "when[0].most", String.valueOf(table.get(i).most()));
            int scope = 0;
            for (String name : table.get(i).scopes()) {
                written.set(rule + "scopes[" + scope++ + "]", name);
            }
        }
        return written.rules();
    }

    private static AccessRequest call(String tool, int number) {
        return AccessRequest.call(tool, StrictJson.object().put("n", number));
    }

    private static String pointerTo(String member) {
        return "/" + member.replace("~", "~0").replace("/", "~1");
    }

    private static JsonNode node(String json) {
        return StrictJson.parse(json.getBytes(UTF_8)).orElseThrow();
    }

    private static ObjectNode at(JsonNode value) {
        ObjectNode arguments = StrictJson.object();
        arguments.set("x", value);
        return arguments;
    }
}
