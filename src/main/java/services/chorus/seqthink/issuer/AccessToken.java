package services.chorus.seqthink.issuer;

import java.time.Duration;
import services.chorus.seqthink.policy.Scheme;

/**
 * A signed access token and what was granted with it.
 *
 * @param value the compact JWT; hidden in the record's text
 * @param scheme how it is to be sent
 * @param lifetime how long it lives
 * @param scope the scopes granted, separated by single spaces
 */
record AccessToken(String value, Scheme scheme, Duration lifetime, String scope) {

    @Override
    public String toString() {
        return "AccessToken[hidden]";
    }
}
