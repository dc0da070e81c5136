package services.chorus.seqthink.policy;

import java.util.regex.Pattern;

/** What a scope is. */
public final class Scopes {

    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

    private Scopes() {}

    /** Whether a text is one scope (RFC 6749 section 3.3, scope-token). */
    public static boolean isScope(String text) {
        return SCOPE.matcher(text).matches();
    }
}
