package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.Verdict.Accepted;
import services.chorus.seqthink.policy.Verdict.Refused;

/** A verifier that trusts one issuer, whose keys it reads in process. */
final class TestGateway implements AutoCloseable {

    static final SigningKey KEY = SigningKey.rsa("key-1");

    private final MutableClock clock = new MutableClock();
    private final KeySet keys;
    private final TokenVerifier verifier;

    TestGateway() {
        this(SigningKey.jwks(KEY));
    }

    TestGateway(String jwks) {
        this(() -> new KeySource.Document(jwks, Optional.empty()));
    }

    TestGateway(KeySource source) {
        this(source, EnumSet.allOf(SignatureAlgorithm.class));
    }

    TestGateway(String jwks, Set<SignatureAlgorithm> algorithms) {
        this(() -> new KeySource.Document(jwks, Optional.empty()), algorithms);
    }

    private TestGateway(KeySource source, Set<SignatureAlgorithm> algorithms) {
        keys = KeySet.open(TestToken.ISSUER, source, KeySet.MAX_STALE, clock);
        verifier =
                new TokenVerifier(
                        List.of(
                                new TrustedIssuer(
                                        new IssuerSettings(
                                                TestToken.ISSUER,
                                                TestToken.AUDIENCE,
                                                Optional.empty(),
                                                algorithms,
                                                Optional.empty()),
                                        keys)),
                        clock);
    }

    MutableClock clock() {
        return clock;
    }

    TestToken token() {
        return TestToken.at(clock.instant());
    }

    Verdict verify(String compact) {
        return verifier.verify(compact);
    }

    AccessToken accepts(TestToken token) {
        return accepts(token.signedBy(KEY));
    }

    AccessToken accepts(String compact) {
        Verdict verdict = verify(compact);
        assertThat(verdict).isInstanceOf(Accepted.class);
        return ((Accepted) verdict).token();
    }

    void refuses(TestToken token, Reason reason) {
        refuses(token.signedBy(KEY), reason);
    }

    void refuses(String compact, Reason reason) {
        assertThat(verify(compact)).isEqualTo(new Refused(reason));
    }

    @Override
    public void close() {
        keys.close();
    }
}
