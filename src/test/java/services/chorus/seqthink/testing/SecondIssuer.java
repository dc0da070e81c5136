package services.chorus.seqthink.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.jose4j.jwk.RsaJsonWebKey;

/** An issuer in the table of issuers, besides the one that a {@link Door} trusts by its lists. */
public final class SecondIssuer implements QuarkusTestResourceLifecycleManager {

    public static final String NAME = "https://second.example";
    public static final String AUDIENCE = "https://door.example/second";

    private TestIssuer issuer;

    @Override
    public Map<String, String> start() {
        issuer = TestIssuer.start();
        return Map.of(
                "seqthink.policy.issuer[0].name",
                NAME,
                "seqthink.policy.issuer[0].audience",
                AUDIENCE,
                "seqthink.policy.issuer[0].jwks-url",
                issuer.jwksUrl(),
                "seqthink.policy.issuer[0].algorithms",
                "RS256");
    }

    @Override
    public void stop() {
        issuer.close();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(SecondIssuer.class));
    }

    /** A valid token of this issuer, signed with the given key. */
    public String token(String subject, RsaJsonWebKey key) {
        return TestIssuer.sign(
                TestIssuer.claims(
                        subject,
                        claims -> {
                            claims.setIssuer(NAME);
                            claims.setAudience(AUDIENCE);
                        }),
                key);
    }

    /** Publishes a new key under another key's id, and returns it. */
    public RsaJsonWebKey publishAs(String keyId) {
        RsaJsonWebKey key = issuer.rotate();
        key.setKeyId(keyId);
        return key;
    }
}
