package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The scopes a token carries, wherever its issuer writes them. */
public final class Scopes {

    private static final List<String> CLAIMS = List.of("scope", "scp", "scopes");
    private static final Pattern SPACES = Pattern.compile(" +");

    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

    private Scopes() {}

    /** Whether a text is one scope (RFC 6749 section 3.3, scope-token). */
    public static boolean isScope(String text) {
        return SCOPE.matcher(text).matches();
    }

    /** The union of the scope claims; empty when there is none. */
    static Set<String> of(Claims claims) throws Refusal {
        Set<String> scopes = new LinkedHashSet<>();
        for (String claim : CLAIMS) {
            for (String scope : in(claims.node(claim))) {
                if (!isScope(scope)) {
                    throw new Refusal(Reason.MALFORMED);
                }
                scopes.add(scope);
            }
        }
        return scopes;
    }

    private static List<String> in(JsonNode claim) throws Refusal {
        return switch (claim.getNodeType()) {
            case MISSING -> List.of();
            case STRING ->
                    SPACES.splitAsStream(claim.textValue())
                            .filter(scope -> !scope.isEmpty())
                            .toList();
            case ARRAY -> Claims.texts(claim);
            default -> throw new Refusal(Reason.MALFORMED);
        };
    }
}
