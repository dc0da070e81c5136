package services.chorus.seqthink.gateway;

import jakarta.inject.Singleton;
import java.net.URI;
import services.chorus.seqthink.policy.Challenge;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.Reason;

/** This door's {@code WWW-Authenticate} values. */
@Singleton
final class Challenges {

    private final Challenge challenge;
    private final String scope;

    Challenges(PolicyConfig policy, PublicUrl publicUrl) {
        this.scope = policy.requiredScope();
        this.challenge =
                new Challenge("seqthink", scope, URI.create(publicUrl.of(ResourceMetadata.ROUTE)));
    }

    String withoutToken() {
        return challenge.withoutToken();
    }

    String refused(Reason reason) {
        return challenge.invalidToken(reason);
    }

    String insufficientScope() {
        return challenge.insufficientScope(scope);
    }
}
