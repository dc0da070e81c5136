package services.chorus.seqthink.policy.rules;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.util.List;
import java.util.Optional;

/** The rules as an operator wrote them; {@link RulesVariables} says what they must look like. */
@ConfigMapping(prefix = "seqthink.policy")
public interface RulesConfig {

    /** {@code tool=scope} pairs, comma-separated. */
    Optional<String> toolScopes();

    /** The table of rules, in the order written. */
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
}
