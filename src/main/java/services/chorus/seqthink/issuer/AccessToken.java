package services.chorus.seqthink.issuer;

import java.time.Duration;

/**
 * A signed access token and what was granted with it.
 *
 * @param value the compact JWT; hidden in the record's text
 * @param lifetime how long it lives
 * @param scope the scopes granted, separated by single spaces
 */
record AccessToken(String value, Duration lifetime, String scope) {

    @Override
    public String toString() {
        return "AccessToken[hidden]";
    }
}
