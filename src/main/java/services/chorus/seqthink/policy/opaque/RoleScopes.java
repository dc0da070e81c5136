package services.chorus.seqthink.policy.opaque;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import services.chorus.seqthink.policy.Scopes;

/** Which scopes a role grants; a role that is not named grants none. */
final class RoleScopes {

    private static final String EVERY = "*";

    private final Map<String, Set<String>> scopes = new HashMap<>();

    /**
     * @param pairs {@code role=scope}; a role may stand in several
     * @param every what {@code *} stands for
     */
    RoleScopes(List<String> pairs, Set<String> every) {
        for (String pair : pairs) {
            String role = pair.substring(0, pair.indexOf('=')).strip();
            String scope = pair.substring(pair.indexOf('=') + 1).strip();
            scopes.computeIfAbsent(role, first -> new TreeSet<>())
                    .addAll(scope.equals(EVERY) ? every : Set.of(scope));
        }
    }

    /** Whether a text is {@code role=scope} or {@code role=*}. */
    static boolean isPair(String text) {
        int equals = text.indexOf('=');
        return equals > 0
                && !text.substring(0, equals).isBlank()
                && Scopes.isScope(text.substring(equals + 1).strip());
    }

    Set<String> of(List<String> roles) {
        Set<String> all = new TreeSet<>();
        roles.forEach(role -> all.addAll(scopes.getOrDefault(role, Set.of())));
        return all;
    }
}
