package services.chorus.seqthink.policy.rules;

import java.util.List;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Table;
import services.chorus.seqthink.config.Table.Column;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.policy.Scopes;

/** What an operator can say of tools and their callers. */
public final class RulesVariables {

    static final String TABLE = "seqthink.policy.rule";

    private static final Variable TOOL_SCOPES =
            Variable.of(
                    "TOOL_SCOPES",
                    "seqthink.policy.tool-scopes",
                    Form.where(
                            "tool=scope pairs, comma-separated",
                            value -> Form.list(value).stream().allMatch(ToolScope::isOne)),
                    "Scopes that single tools ask for beside `REQUIRED_SCOPE`, as `tool=scope`,"
                            + " comma-separated; a tool may stand several times, for several"
                            + " scopes.");

    private static final Form NUMBER = Form.where("a number", Numbers::isOne);

    private static final Table RULES =
            new Table(
                    TABLE,
                    List.of(
                            Column.text("method", Form.text("a method, such as tools/list")),
                            Column.text("tool", Form.text("the exact name of a tool, or *")),
                            Column.list(
                                    "scopes",
                                    Form.where(
                                            "OAuth scopes, without spaces or quotes",
                                            Scopes::isScope))),
                    List.of(
                            new Table(
                                    "when",
                                    List.of(
                                            Column.text("pointer", Pointer.FORM).inEveryEntry(),
                                            Column.scalar("equals"),
                                            Column.text("prefix", Form.text("a string")),
                                            Column.text("least", NUMBER),
                                            Column.text("most", NUMBER)),
                                    List.of())));

    private RulesVariables() {}

    /** Every variable of this room. */
    public static List<Variable> all() {
        return List.of(TOOL_SCOPES);
    }

    /** The table of rules. */
    public static List<Table> tables() {
        return List.of(RULES);
    }

    /** What keeps these rules from being followed, each with its place in the table. */
    public static List<Fault> faults(RulesConfig config) {
        return new RulesCheck().faults(config);
    }
}
