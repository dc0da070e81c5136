package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.config.Fault;

/** Issuers of the table, alone or in addition to those of the lists. */
class IssuerTableTest {

    private static final String A = "https://a.example";
    private static final String B = "https://b.example";
    private static final String OWN = "https://own.example";
    private static final PolicyCheck DOOR = new PolicyCheck(Optional.empty(), false);
    private static final PolicyCheck WITH_OWN_ISSUER = new PolicyCheck(Optional.of(OWN), false);

    private final Map<String, String> properties = new HashMap<>();

    private void entry(int index, String name, String audience, String jwksUrl) {
        set(index, "name", name);
        set(index, "audience", audience);
        set(index, "jwks-url", jwksUrl);
    }

    private void set(int index, String key, String value) {
        properties.put("seqthink.policy.issuer[%d].%s".formatted(index, key), value);
    }

    private void list(String name) {
        properties.put("seqthink.policy.issuers", name);
        properties.put("seqthink.policy.audiences", "door");
        properties.put("seqthink.policy.jwks-urls", name + "/jwks");
    }

    private PolicyConfig config() {
        return PolicySettings.with(properties);
    }

    private List<String> faulty(PolicyCheck check) {
        return check.faults(config()).stream().map(Fault::variable).toList();
    }

    @Test
    void addsIssuersToThoseOfTheLists() {
        list(A);
        entry(0, B, "door-b", "https://b.example/jwks");
        set(0, "algorithms", "ES256, EdDSA");
        set(0, "deny-url", "https://b.example/revoked");

        assertThat(DOOR.faults(config())).isEmpty();
        assertThat(IssuerSettings.names(config())).containsExactly(A, B);
        assertThat(IssuerSettings.from(config(), Optional.empty()))
                .containsExactly(
                        PolicySettings.issuer(
                                A, "door", Optional.of(URI.create("https://a.example/jwks"))),
                        new IssuerSettings(
                                B,
                                "door-b",
                                Optional.of(URI.create("https://b.example/jwks")),
                                Set.of(SignatureAlgorithm.ES256, SignatureAlgorithm.EDDSA),
                                Optional.of(URI.create("https://b.example/revoked"))));
    }

    @Test
    void needsNoLists() {
        entry(0, A, "door", "https://a.example/jwks");
        entry(1, B, "door", "http://127.0.0.1:8080/jwks");

        assertThat(DOOR.faults(config())).isEmpty();
        assertThat(config().isOff()).isFalse();
        assertThat(IssuerSettings.from(config(), Optional.empty()))
                .allMatch(issuer -> issuer.algorithms().equals(Set.of(SignatureAlgorithm.values())))
                .extracting(IssuerSettings::issuer)
                .containsExactly(A, B);
    }

    @Test
    void needsNoUrlForTheIssuerInThisProcess() {
        set(0, "name", OWN);
        set(0, "audience", "door");
        assertThat(WITH_OWN_ISSUER.faults(config())).isEmpty();
        assertThat(IssuerSettings.from(config(), Optional.of(OWN)))
                .containsExactly(PolicySettings.issuer(OWN, "door", Optional.empty()));

        set(0, "jwks-url", "https://own.example/jwks");
        assertThat(faulty(WITH_OWN_ISSUER)).containsExactly("seqthink.policy.issuer[0].jwks-url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "audience", "jwks-url"})
    void namesTheIncompleteEntry(String key) {
        entry(0, A, "door", "https://a.example/jwks");
        entry(1, B, "door", "https://b.example/jwks");
        properties.remove("seqthink.policy.issuer[1]." + key);

        assertThat(DOOR.faults(config()))
                .singleElement()
                .extracting(Fault::line)
                .asString()
                .startsWith("seqthink.policy.issuer[1]." + key + " is missing: set it to ");
    }

    @ParameterizedTest
    @CsvSource({
        "jwks-url,http://b.example/jwks",
        "jwks-url,ftp://127.0.0.1/jwks",
        "jwks-url,not a url",
        "jwks-url,https://b.example/jwks#keys",
        "deny-url,http://b.example/revoked",
        "deny-url,revoked",
        "algorithms,HS256",
        "algorithms,'ES256,none'",
        "algorithms,es256"
    })
    void namesTheInvalidEntry(String key, String value) {
        entry(0, B, "door", "https://b.example/jwks");
        set(0, key, value);

        assertThat(DOOR.faults(config()))
                .singleElement()
                .satisfies(
                        fault -> {
                            assertThat(fault.variable())
                                    .isEqualTo("seqthink.policy.issuer[0]." + key);
                            assertThat(fault.line()).contains(": set it to ");
                        });
    }

    @Test
    void refusesTwoEntriesWithOneIssuer() {
        entry(0, A, "one", "https://a.example/jwks");
        entry(1, A, "two", "https://b.example/jwks");

        assertThat(faulty(DOOR)).containsExactly("seqthink.policy.issuer[1].name");
    }

    @Test
    void refusesAnIssuerOfTheLists() {
        list(A);
        entry(0, A, "two", "https://b.example/jwks");

        assertThat(faulty(DOOR)).containsExactly("seqthink.policy.issuer[0].name");
    }

    @Test
    void refusesIncompleteListsBesideTheTable() {
        entry(0, A, "door", "https://a.example/jwks");
        properties.put("seqthink.policy.audiences", "door");

        assertThat(faulty(DOOR)).containsExactly("KACHING_JWKS_URL", "JWT_ISSUER");
    }
}
