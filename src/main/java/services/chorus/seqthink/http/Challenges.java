package services.chorus.seqthink.http;

import jakarta.inject.Singleton;
import java.net.URI;
import services.chorus.seqthink.pipeline.PublicUrl;
import services.chorus.seqthink.policy.Challenge;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Scheme;
import services.chorus.seqthink.policy.dpop.DpopConfig;
import services.chorus.seqthink.policy.dpop.ProofFault;

/** This door's {@code WWW-Authenticate} values. */
@Singleton
final class Challenges {

    private final Challenge challenge;
    private final String scope;

    Challenges(PolicyConfig policy, DpopConfig dpop, PublicUrl publicUrl) {
        this.scope = policy.requiredScope();
        this.challenge =
                new Challenge(
                        scope,
                        URI.create(publicUrl.of(Route.Paths.RESOURCE_METADATA)),
                        dpop.required());
    }

    String withoutToken() {
        return challenge.withoutToken();
    }

    String refused(Scheme tried, Reason reason) {
        return challenge.invalidToken(tried, reason);
    }

    String refused(ProofFault fault) {
        return challenge.invalidProof(fault.description());
    }

    String insufficientScope(Scheme tried) {
        return challenge.insufficientScope(tried, scope);
    }
}
