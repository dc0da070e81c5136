package services.chorus.seqthink.issuer.clients;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.policy.AccessToken;

/**
 * What a client is registered with.
 *
 * @param clientId 1 to 64 of letters, digits, dot, underscore and hyphen; the first a letter or
 *     digit
 * @param scopes the scopes it may ask for, one or more; kept in alphabetical order
 * @param ageRecipient the age recipient that replies to it are sealed to
 * @param expiresAt when it stops being served
 * @param requiresDpop whether it gets no tokens but those that are bound to a key
 * @param mayIntrospect whether it may ask about the tokens of others
 */
public record Registration(
        String clientId,
        Set<String> scopes,
        Optional<String> ageRecipient,
        Optional<Instant> expiresAt,
        boolean requiresDpop,
        boolean mayIntrospect) {

    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int LONGEST_SCOPE = 128;

    /**
     * @throws IllegalArgumentException when a part is malformed; the message says what it must be
     */
    public Registration {
        if (!CLIENT_ID.matcher(clientId).matches()) {
            throw new IllegalArgumentException(
                    "A client id must be 1 to 64 letters, digits, dots, underscores and hyphens,"
                            + " and begin with a letter or digit");
        }
        if (scopes.isEmpty() || !scopes.stream().allMatch(Registration::isScope)) {
            throw new IllegalArgumentException(
                    "A client needs one scope or more, each 1 to 128 printable ASCII characters"
                            + " without space, quote and backslash");
        }
        if (!ageRecipient.stream().allMatch(Registration::isAgeRecipient)) {
            throw new IllegalArgumentException(
                    "An age recipient must be one as age-keygen prints it, age1... or age1pq1...,"
                            + " whole and in lower case");
        }
        scopes = Collections.unmodifiableSet(new TreeSet<>(scopes));
    }

    /** A client without special rules or rights. */
    public Registration(
            String clientId,
            Set<String> scopes,
            Optional<String> ageRecipient,
            Optional<Instant> expiresAt) {
        this(clientId, scopes, ageRecipient, expiresAt, false, false);
    }

    /** Whether something can be sealed to it. */
    public static boolean isAgeRecipient(String text) {
        try {
            KeyRecipient.parse(text);
            return true;
        } catch (AgeException e) {
            return false;
        }
    }

    /** Whether a text is a scope that a client may be registered with. */
    public static boolean isScope(String text) {
        return text.length() <= LONGEST_SCOPE && AccessToken.isScope(text);
    }
}
