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
 * What an operator allows a client.
 *
 * @param clientId 1 to 64 letters, digits, dots, underscores and hyphens; the first a letter or
 *     digit
 * @param scopes the scopes it may request, one or more; in alphabetical order
 * @param ageRecipient the age recipient that replies to it are sealed to
 * @param expiresAt when it stops being served
 * @param requiresDpop whether it gets only tokens that are bound to a key by a DPoP proof
 * @param mayIntrospect whether it may introspect the tokens of other clients
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
                    "A client needs one scope or more, each of 1 to 128 printable ASCII characters,"
                            + " without spaces, quotes or backslashes");
        }
        if (!ageRecipient.stream().allMatch(Registration::isAgeRecipient)) {
            throw new IllegalArgumentException(
                    "An age recipient must be complete and in lower case, as age-keygen prints it:"
                            + " age1... or age1pq1...");
        }
        scopes = Collections.unmodifiableSet(new TreeSet<>(scopes));
    }

    /** Whether replies can be sealed to it. */
    public static boolean isAgeRecipient(String text) {
        try {
            KeyRecipient.parse(text);
            return true;
        } catch (AgeException e) {
            return false;
        }
    }

    public static boolean isScope(String text) {
        return text.length() <= LONGEST_SCOPE && AccessToken.isScope(text);
    }
}
