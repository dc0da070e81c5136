package services.chorus.seqthink.sealing;

import java.util.Optional;

/**
 * What a request must have been sealed for.
 *
 * @param tokenHash unpadded base64url SHA-256 of the access token sent along; empty only where
 *     policy is off
 * @param route the full URL of the route, under the public URL
 * @param tokenRecipient the recipient that the token itself names, its {@code age_recipient}
 */
public record Expected(Optional<String> tokenHash, String route, Optional<String> tokenRecipient) {}
