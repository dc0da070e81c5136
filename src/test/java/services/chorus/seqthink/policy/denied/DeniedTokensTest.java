package services.chorus.seqthink.policy.denied;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Verdict;

class DeniedTokensTest {

    private static final String ONE = "https://one.example";
    private static final String OTHER = "https://other.example";

    @Test
    void rejectsRevokedTokens() {
        assertThat(judge(token(ONE, Optional.of("taken back"))))
                .isEqualTo(new Verdict.Refused(Reason.REVOKED));
    }

    @Test
    void acceptsTokensThatAreNotRevoked() {
        assertPasses(token(ONE, Optional.of("kept")));
        assertPasses(token(ONE, Optional.empty()));
    }

    @Test
    void appliesAListToTokensOfItsIssuerOnly() {
        assertPasses(token(OTHER, Optional.of("taken back")));
    }

    @Test
    void passesOnOtherVerdictsUnchanged() {
        assertThat(judge(new Verdict.Refused(Reason.EXPIRED)))
                .isEqualTo(new Verdict.Refused(Reason.EXPIRED));
        assertThat(judge(new Verdict.KeysUnavailable())).isEqualTo(new Verdict.KeysUnavailable());
    }

    private static void assertPasses(AccessToken token) {
        assertThat(judge(token)).isEqualTo(new Verdict.Accepted(token));
    }

    private static Verdict judge(AccessToken token) {
        return judge(new Verdict.Accepted(token));
    }

    private static Verdict judge(Verdict otherwise) {
        return new DeniedTokens(token -> otherwise, Map.of(ONE, "taken back"::equals))
                .verify("any");
    }

    private static AccessToken token(String issuer, Optional<String> tokenId) {
        return new AccessToken(
                new Caller(issuer, Caller.Kind.SUBJECT, "agent"),
                Set.of(),
                Instant.MAX,
                tokenId,
                Optional.empty(),
                Optional.empty(),
                "hash");
    }
}
