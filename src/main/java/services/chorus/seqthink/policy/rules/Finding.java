package services.chorus.seqthink.policy.rules;

import java.util.Optional;
import java.util.Set;

/**
 * How a rule takes a request.
 *
 * @param rule names the rule as its operator would find it
 * @param scopes what it asks for where it matches
 * @param mismatch why it does not match; empty when it does
 */
public record Finding(String rule, Set<String> scopes, Optional<String> mismatch) {

    /** Whether the rule speaks of the request. */
    public boolean matches() {
        return mismatch.isEmpty();
    }
}
