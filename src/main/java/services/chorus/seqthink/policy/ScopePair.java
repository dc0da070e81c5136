package services.chorus.seqthink.policy;

import java.util.Optional;

/**
 * One {@code name=scope} of a setting. The scope may contain an equals sign, the name may not.
 *
 * @param name a tool or a role
 */
public record ScopePair(String name, String scope) {

    /** The pair in a text; empty without a name or a scope (RFC 6749 section 3.3). */
    public static Optional<ScopePair> parse(String text) {
        String[] parts = text.split("=", 2);
        return parts.length == 2
                ? Optional.of(new ScopePair(parts[0].strip(), parts[1].strip()))
                        .filter(pair -> !pair.name.isEmpty() && AccessToken.isScope(pair.scope))
                : Optional.empty();
    }
}
