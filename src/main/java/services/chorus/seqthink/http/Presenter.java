package services.chorus.seqthink.http;

import io.quarkus.security.identity.SecurityIdentity;
import java.util.Optional;

/** A principal of one of our own mechanisms. */
interface Presenter {

    Presented presented();

    /** The token as it was sent, a secret; empty only where policy is off. */
    Optional<String> token();

    /** The request's own. */
    static Presenter of(SecurityIdentity identity) {
        if (identity.getPrincipal() instanceof Presenter presenter) {
            return presenter;
        }
        throw new IllegalStateException("An identity that no mechanism of ours made");
    }
}
