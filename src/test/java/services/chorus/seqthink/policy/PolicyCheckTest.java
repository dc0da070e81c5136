package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Variable;

class PolicyCheckTest {

    private static final String JWKS = "https://a.example/jwks";
    private static final String OWN = "https://own.example";
    private static final PolicyCheck DOOR = new PolicyCheck(Optional.empty(), false);
    private static final PolicyCheck INSECURE = new PolicyCheck(Optional.empty(), true);
    private static final PolicyCheck WITH_OWN_ISSUER = new PolicyCheck(Optional.of(OWN), false);

    /** Values by variable name, read as the service reads them. */
    private static PolicyConfig config(String... namesAndValues) {
        Map<String, String> properties = new HashMap<>();
        for (Variable variable : PolicyConfig.SECTION.variables()) {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                if (variable.name().equals(namesAndValues[i])) {
                    properties.put(variable.property(), namesAndValues[i + 1]);
                }
            }
        }
        return PolicySettings.with(properties);
    }

    private static PolicyConfig lists(String jwks, String issuers, String audiences) {
        List<String> set = new ArrayList<>();
        add(set, "KACHING_JWKS_URL", jwks);
        add(set, "JWT_ISSUER", issuers);
        add(set, "JWT_AUDIENCE", audiences);
        return config(set.toArray(String[]::new));
    }

    private static void add(List<String> set, String name, String value) {
        if (!value.isEmpty()) {
            set.addAll(List.of(name, value));
        }
    }

    private static List<String> faulty(PolicyCheck check, PolicyConfig config) {
        return check.faults(config).stream().map(Fault::variable).toList();
    }

    @Test
    void acceptsOneIssuerOrTwo() {
        assertThat(DOOR.faults(lists(JWKS, "https://a.example", "door"))).isEmpty();
        assertThat(
                        DOOR.faults(
                                lists(
                                        JWKS + ", http://localhost:9/jwks",
                                        "https://a.example, https://b.example",
                                        "door,door")))
                .isEmpty();
    }

    @Test
    void namesEveryVariableThatIsMissing() {
        assertThat(faulty(DOOR, lists("", "", "")))
                .containsExactly("KACHING_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE");
        assertThat(faulty(DOOR, lists(JWKS, "", "door"))).containsExactly("JWT_ISSUER");
        assertThat(faulty(DOOR, lists(JWKS, "https://a.example", "")))
                .containsExactly("JWT_AUDIENCE");
        assertThat(faulty(DOOR, lists("", "https://a.example", "door")))
                .containsExactly("KACHING_JWKS_URL");
    }

    @Test
    void namesTheVariableToSet() {
        assertThat(DOOR.faults(lists(JWKS, "https://a.example", "")))
                .singleElement()
                .extracting(Fault::line)
                .isEqualTo(
                        "JWT_AUDIENCE is missing: set it to the `aud` of this service, one for"
                                + " each issuer (comma-separated)");
    }

    @Test
    void allowsAMissingButNotAnIncompletePolicyInInsecureDevelopment() {
        assertThat(INSECURE.faults(lists("", "", ""))).isEmpty();
        assertThat(faulty(INSECURE, lists(JWKS, "", "")))
                .containsExactly("JWT_ISSUER", "JWT_AUDIENCE");
        assertThat(faulty(INSECURE, lists("", "", "door")))
                .containsExactly("KACHING_JWKS_URL", "JWT_ISSUER");
    }

    @Test
    void requiresListsOfTheSameLength() {
        assertThat(faulty(DOOR, lists(JWKS, "https://a.example,https://b.example", "door,door")))
                .containsExactly("KACHING_JWKS_URL");
        assertThat(faulty(DOOR, lists(JWKS, "https://a.example", "door,door")))
                .containsExactly("JWT_AUDIENCE");
    }

    @Test
    void refusesAnIssuerNamedTwice() {
        assertThat(
                        faulty(
                                DOOR,
                                lists(
                                        JWKS + "," + JWKS,
                                        "https://a.example, https://a.example",
                                        "door,door")))
                .containsExactly("JWT_ISSUER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a.example/jwks", "http://10.0.0.1/jwks", "ftp://a.example/"})
    void refusesJwksUrlsWithoutTransportSecurity(String url) {
        assertThat(faulty(DOOR, lists(url, "https://a.example", "door")))
                .containsExactly("KACHING_JWKS_URL");
    }

    @Test
    void needsNoUrlForTheIssuerInThisProcess() {
        assertThat(WITH_OWN_ISSUER.faults(lists("", OWN, "door"))).isEmpty();
        assertThat(WITH_OWN_ISSUER.faults(lists(JWKS, "https://a.example," + OWN, "door,door")))
                .isEmpty();
        assertThat(faulty(WITH_OWN_ISSUER, lists(JWKS, OWN, "door")))
                .containsExactly("KACHING_JWKS_URL");
        assertThat(faulty(WITH_OWN_ISSUER, lists("", "https://a.example", "door")))
                .containsExactly("KACHING_JWKS_URL");
        assertThat(faulty(WITH_OWN_ISSUER, lists("", "", "")))
                .containsExactly("JWT_ISSUER", "JWT_AUDIENCE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two scopes", "quo\"ted", "back\\slash"})
    void refusesAnInvalidScope(String scope) {
        assertThat(faulty(INSECURE, config("REQUIRED_SCOPE", scope)))
                .containsExactly("REQUIRED_SCOPE");
    }

    @Test
    void keepsKeysForADayByDefault() {
        assertThat(config().jwksMaxStale()).isEqualTo(KeySet.MAX_STALE);
        assertThat(PolicyConfig.MAX_STALE.fault("1h")).isEmpty();
        assertThat(PolicyConfig.MAX_STALE.fault("59m")).isPresent();
        assertThat(FetchPace.refreshAfter(Optional.of(Duration.ofDays(9))))
                .isLessThan(Duration.ofHours(1));
    }

    @Test
    void requiresTheDefaultScope() {
        assertThat(config().requiredScope()).isEqualTo("sequentialthinking.run");
    }

    @Test
    void pairsTheListsByPosition() {
        assertThat(
                        IssuerSettings.from(
                                lists(
                                        "https://a.example/jwks,https://b.example/jwks",
                                        "https://a.example, " + OWN + " ,https://b.example",
                                        "door-a,door-own,door-b"),
                                Optional.of(OWN)))
                .containsExactly(
                        PolicySettings.issuer(
                                "https://a.example",
                                "door-a",
                                Optional.of(URI.create("https://a.example/jwks"))),
                        PolicySettings.issuer(OWN, "door-own", Optional.empty()),
                        PolicySettings.issuer(
                                "https://b.example",
                                "door-b",
                                Optional.of(URI.create("https://b.example/jwks"))));
    }

    @Test
    void pairsDenyListsWithTheOtherIssuers() {
        PolicyConfig config =
                config(
                        "KACHING_JWKS_URL", "https://a.example/jwks,https://b.example/jwks",
                        "JWT_ISSUER", "https://a.example," + OWN + ",https://b.example",
                        "JWT_AUDIENCE", "door,door,door",
                        "JWT_DENY_URL", "https://a.example/list,https://b.example/list");

        assertThat(WITH_OWN_ISSUER.faults(config)).isEmpty();
        assertThat(IssuerSettings.from(config, Optional.of(OWN)))
                .extracting(IssuerSettings::denyUrl)
                .containsExactly(
                        Optional.of(URI.create("https://a.example/list")),
                        Optional.empty(),
                        Optional.of(URI.create("https://b.example/list")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example/list,https://b.example/list", "http://a.example/"})
    void refusesUnpairedDenyLists(String urls) {
        assertThat(
                        faulty(
                                DOOR,
                                config(
                                        "KACHING_JWKS_URL",
                                        JWKS,
                                        "JWT_ISSUER",
                                        "https://a.example",
                                        "JWT_AUDIENCE",
                                        "door",
                                        "JWT_DENY_URL",
                                        urls)))
                .containsExactly("JWT_DENY_URL");
    }

    @Test
    void hasNoIssuersWithoutAPolicy() {
        assertThat(IssuerSettings.from(config(), Optional.empty())).isEmpty();
    }

    @Test
    void givesEveryPropertyOfTheConfigurationAVariable() {
        assertThat(PolicyConfig.SECTION.variables())
                .extracting(Variable::name)
                .containsExactly(
                        "KACHING_JWKS_URL",
                        "JWT_ISSUER",
                        "JWT_AUDIENCE",
                        "JWT_DENY_URL",
                        "JWKS_MAX_STALE",
                        "REQUIRED_SCOPE");
    }
}
