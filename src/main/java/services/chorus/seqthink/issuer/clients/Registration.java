package services.chorus.seqthink.issuer.clients;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a client is registered with.
 *
 * @param clientId 1 to 64 of letters, digits, dot, underscore and hyphen; the first a letter or
 *     digit
 * @param scopes the scopes it may ask for, one or more; kept in alphabetical order
 * @param ageRecipient the age recipient that replies to it are sealed to; only its outer form is
 *     looked at here
 * @param expiresAt when it stops being served
 */
public record Registration(
        String clientId,
        Set<String> scopes,
        Optional<String> ageRecipient,
        Optional<Instant> expiresAt) {

    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern AGE_RECIPIENT =
            Pattern.compile("age1(pq1)?[02-9ac-hj-np-z]{58,4000}");
    // RFC 6749 section 3.3, scope-token
    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,128}");

    /**
     * @throws IllegalArgumentException when a part is malformed; the message says what it must be
     */
    public Registration {
        requireNonNull(expiresAt, "expiresAt is null");
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
        if (!ageRecipient.stream().allMatch(text -> AGE_RECIPIENT.matcher(text).matches())) {
            throw new IllegalArgumentException("An age recipient must begin with age1");
        }
        scopes = Collections.unmodifiableSet(new TreeSet<>(scopes));
    }

    public static boolean isScope(String text) {
        return SCOPE.matcher(text).matches();
    }
}
