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

/** The rules as an operator wrote them. */
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

    /** One rule. */
    interface WrittenRule {

        /** The JSON-RPC method; {@code tools/call} where it is missing. */
        Optional<String> method();

        /** The tool's exact name, or {@code *} for any. */
        Optional<String> tool();

        /** The scopes that a caller needs. */
        Optional<List<String>> scopes();

        /** What the arguments must be like for the rule to match. */
        @WithName("when")
        List<WrittenCondition> conditions();
    }

    /** What one place in the arguments must be like. */
    interface WrittenCondition {

        /** A JSON pointer (RFC 6901) into the tool's arguments. */
        Optional<String> pointer();

        /** A string, number or boolean, as JSON. */
        @WithName("equals")
        Optional<String> equalTo();

        /** What a string must begin with. */
        Optional<String> prefix();

        /** The least number. */
        Optional<String> least();

        /** The greatest number. */
        Optional<String> most();
    }

    /** What keeps these rules from being followed, each with its place in the table. */
    static List<Fault> faults(RulesConfig config) {
        return new RulesCheck().faults(config);
    }
}
