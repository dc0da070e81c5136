package services.chorus.seqthink.policy.rules;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.config.Table;
import services.chorus.seqthink.config.Table.Column;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.ScopePair;

/** The rules in the configuration. */
@ConfigMapping(prefix = "seqthink.policy")
public interface RulesConfig {

    String TABLE = "seqthink.policy.rule";
    Form NUMBER = new Form("a number", text -> Condition.number(text).isPresent());

    Section SECTION =
            Section.of(RulesConfig.class, "policy")
                    .add(
                            "TOOL_SCOPES",
                            "tool-scopes",
                            new Form(
                                    "tool=scope pairs, comma-separated",
                                    value ->
                                            Form.list(value).stream()
                                                    .map(ScopePair::parse)
                                                    .allMatch(Optional::isPresent)))
                    .meaning(
                            "Further scopes that single tools need, as `tool=scope` pairs, "
                                    + "comma-separated. Repeat a tool to require several scopes. Unset: "
                                    + "`REQUIRED_SCOPE` is enough for every tool.")
                    .with(
                            Table.of(
                                            TABLE,
                                            Column.text(
                                                    "method",
                                                    Form.text("a method, such as tools/list")),
                                            Column.text(
                                                    "tool",
                                                    Form.text("the exact name of a tool, or *")),
                                            Column.list(
                                                    "scopes",
                                                    new Form(
                                                            "OAuth scopes, without spaces or quotes",
                                                            AccessToken::isScope)))
                                    .with(
                                            Table.of(
                                                    "when",
                                                    Column.text("pointer", Condition.POINTER)
                                                            .inEveryEntry(),
                                                    Column.scalar("equals"),
                                                    Column.text("prefix", Form.text("a string")),
                                                    Column.text("least", NUMBER),
                                                    Column.text("most", NUMBER))));

    Optional<String> toolScopes();

    @WithName("rule")
    List<WrittenRule> rules();

    interface WrittenRule {

        /** The JSON-RPC method; default {@code tools/call}. */
        Optional<String> method();

        /** The tool's exact name, or {@code *} for any. */
        Optional<String> tool();

        Optional<List<String>> scopes();

        /** Conditions that must all be true for the rule to match. */
        @WithName("when")
        List<WrittenCondition> conditions();
    }

    /** A condition on one place in the arguments. */
    interface WrittenCondition {

        /** A JSON pointer (RFC 6901) into the tool's arguments. */
        Optional<String> pointer();

        /** A string, number or boolean, as JSON. */
        @WithName("equals")
        Optional<String> equalTo();

        /** The beginning of a string. */
        Optional<String> prefix();

        Optional<String> least();

        Optional<String> most();
    }

    /** The faults, each with its place in the table. */
    static List<Fault> faults(RulesConfig config) {
        return new RulesCheck().faults(config);
    }
}
