package services.chorus.seqthink.issuer.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.issuer.clients.Asserting.agent;
import static services.chorus.seqthink.issuer.clients.Asserting.keys;
import static services.chorus.seqthink.issuer.clients.Asserting.read;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Refused;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.TestAssertion;

/**
 * Keys, audiences and forms of assertions; times and single use are in {@link AssertionTimesTest}.
 */
class AssertionVerifierTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final HandMovedClock clock = new HandMovedClock();
    private final HandMadeJws key = HandMadeJws.generate();

    @TempDir private Path folder;

    private Asserting asserting;
    private Clients clients;

    @BeforeEach
    void registerAnAgent() {
        asserting = Asserting.in(folder, clock);
        clients = asserting.clients();
        clients.add(agent("agent"), keys(key.publicJwk()));
    }

    @Test
    void verifiesAClientByItsKey() {
        assertThat(asserting.verify(good()))
                .isInstanceOfSatisfying(
                        Verified.class,
                        verified -> {
                            assertThat(verified.client().clientId()).isEqualTo("agent");
                            assertThat(verified.ageRecipient()).isEmpty();
                        });
    }

    static Stream<OtherKey> otherAlgorithms() {
        return Stream.of(
                OtherKey.rsa("RS256", "SHA256withRSA", 2048),
                OtherKey.rsa("RS512", "SHA512withRSA", 2048),
                OtherKey.elliptic("ES256", "SHA256withECDSAinP1363Format", "secp256r1"),
                OtherKey.elliptic("ES384", "SHA384withECDSAinP1363Format", "secp384r1"));
    }

    @ParameterizedTest
    @MethodSource("otherAlgorithms")
    void verifiesAClientByAKeyOfAnotherKind(OtherKey other) {
        clients.add(agent("other"), keys(other.publicJwk()));

        assertThat(
                        asserting.verify(
                                other.assertion().of("other", Asserting.ISSUER, clock.instant())))
                .isInstanceOf(Verified.class);
        assertThat(
                        asserting.verify(
                                other.assertion().of("agent", Asserting.ISSUER, clock.instant())))
                .isInstanceOf(Refused.class);
    }

    @Test
    void returnsTheRequestedReplyRecipient() {
        assertThat(asserting.verify(good().claim("age_recipient", "age1...")))
                .isInstanceOfSatisfying(
                        Verified.class,
                        verified -> assertThat(verified.ageRecipient()).contains("age1..."));
        assertThat(read(good().claim("age_recipient", 1))).isEmpty();
    }

    @Test
    void refusesAKeyThatIsNotTheClients() {
        assertThat(asserting.verify(of("agent", HandMadeJws.generate())))
                .isInstanceOf(Refused.class);
    }

    @Test
    void refusesAModifiedAssertion() {
        String[] parts = good().sign().split("\\.");
        String other = good().claim("age_recipient", "age1...").sign().split("\\.")[1];

        assertThat(asserting.verify(read(parts[0] + "." + other + "." + parts[2]).orElseThrow()))
                .isInstanceOf(Refused.class);
    }

    @Test
    void selectsTheNamedKey() {
        HandMadeJws second = HandMadeJws.generate();
        clients.add(
                agent("several"),
                keys("{\"keys\":[%s,%s]}".formatted(named(key, "one"), named(second, "two"))));

        assertThat(asserting.verify(of("several", second).header("kid", "two")))
                .isInstanceOf(Verified.class);
        assertThat(asserting.verify(of("several", second))).isInstanceOf(Verified.class);
        assertThat(asserting.verify(of("several", second).header("kid", "one")))
                .isInstanceOf(Refused.class);
        assertThat(asserting.verify(of("several", second).header("kid", "three")))
                .isInstanceOf(Refused.class);
    }

    @Test
    void acceptsAnyKidForAKeyWithoutOne() {
        assertThat(asserting.verify(good().header("kid", "my own"))).isInstanceOf(Verified.class);
    }

    @Test
    void acceptsTheIssuerOrTheEndpointAsAudience() {
        assertThat(asserting.verify(good().claim("aud", Asserting.ISSUER)))
                .isInstanceOf(Verified.class);
        assertThat(asserting.verify(good().claim("aud", Asserting.ENDPOINT)))
                .isInstanceOf(Verified.class);
        assertThat(asserting.verify(good().claim("aud", List.of(Asserting.ENDPOINT))))
                .isInstanceOf(Verified.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://tokens.example/",
                "https://tokens.example/oauth/introspect",
                "https://other.example"
            })
    void refusesAnotherAudience(String audience) {
        assertThat(asserting.verify(good().claim("aud", audience))).isInstanceOf(Refused.class);
    }

    @Test
    void refusesTwoAudiencesOrNone() {
        assertThat(read(good().claim("aud", List.of(Asserting.ISSUER, Asserting.ENDPOINT))))
                .isEmpty();
        assertThat(read(good().claim("aud", List.of()))).isEmpty();
    }

    @Test
    void refusesAnIssuerThatIsNotItsSubject() {
        assertThat(asserting.verify(good().claim("iss", "other"))).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAnUnknownClient() {
        assertThat(asserting.verify(of("nobody", key))).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "jti", "alg"})
    void refusesAnAssertionWithoutAMandatoryClaim(String member) {
        assertThat(read(good())).isPresent();
        assertThat(read(good().without(member))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "ES256K", "eddsa", ""})
    void refusesSymmetricAndUnsignedAlgorithms(String algorithm) {
        assertThat(read(good().header("alg", algorithm))).isEmpty();
    }

    @Test
    void refusesAnAlgorithmThatTheKeyDoesNotPermit() {
        assertThat(asserting.verify(good().header("alg", "RS256"))).isInstanceOf(Refused.class);
        assertThat(asserting.verify(good().header("alg", "ES256"))).isInstanceOf(Refused.class);
    }

    @Test
    void acceptsOnlyAssertionTypes() {
        assertThat(asserting.verify(good().header("typ", "JWT"))).isInstanceOf(Verified.class);
        assertThat(asserting.verify(good().header("typ", "client-authentication+jwt")))
                .isInstanceOf(Verified.class);
        assertThat(read(good().header("typ", "at+jwt"))).isEmpty();
        assertThat(read(good().header("typ", "dpop+jwt"))).isEmpty();
        assertThat(read(good().header("typ", 1))).isEmpty();
    }

    @Test
    void refusesExtensions() {
        assertThat(read(good().header("crit", List.of("exp")))).isEmpty();
        assertThat(read(good().header("b64", true))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a.b", "e30.e30.", "e30.e30.AA", "a.b.c.d", "\u00e4.b.c"})
    void refusesWhatIsNoJwt(String text) {
        assertThat(read(text)).isEmpty();
    }

    @Test
    void refusesMoreThan8KiB() {
        assertThat(read(good().claim("filler", "x".repeat(8 * 1024)))).isEmpty();
    }

    @Test
    void refusesAClientThatIsDisabledOrExpired() {
        clients.disable("agent");
        assertThat(asserting.verify(good())).isInstanceOf(Refused.class);
        clients.enable("agent");
        assertThat(asserting.verify(good())).isInstanceOf(Verified.class);

        var soon = Optional.of(clock.instant().plus(MINUTE));
        clients.add(
                Registrations.of("brief", Set.of("run"), Optional.empty(), soon),
                keys(key.publicJwk()));
        assertThat(asserting.verify(of("brief", key))).isInstanceOf(Verified.class);
        clock.advance(MINUTE);
        assertThat(asserting.verify(of("brief", key))).isInstanceOf(Refused.class);
    }

    @Test
    void acceptsAFormerKeyUntilItExpires() {
        HandMadeJws next = HandMadeJws.generate();
        clients.rotate("agent", keys(next.publicJwk()), MINUTE);

        assertThat(asserting.verify(of("agent", next))).isInstanceOf(Verified.class);
        assertThat(asserting.verify(good())).isInstanceOf(Verified.class);
        clock.advance(MINUTE);
        assertThat(asserting.verify(of("agent", next))).isInstanceOf(Verified.class);
        assertThat(asserting.verify(good())).isInstanceOf(Refused.class);
    }

    @Test
    void acceptsOnlyTheRegisteredMethod() {
        try (ClientSecret secret = Registrations.add(clients, agent("secretive"))) {
            assertThat(
                            asserting
                                    .verifier()
                                    .verify(
                                            new ClientCredentials.Secret("agent", secret),
                                            InetAddress.getLoopbackAddress()))
                    .isInstanceOf(Refused.class);
            assertThat(asserting.verify(of("secretive", key))).isInstanceOf(Refused.class);
        }
    }

    @Test
    void cannotBeVerifiedOnceClosed() {
        ClientCredentials credentials = read(good()).orElseThrow();
        credentials.close();

        assertThat(asserting.verify(credentials)).isInstanceOf(Refused.class);
        assertThat(credentials).hasToString("ClientAssertion[hidden]");
    }

    private TestAssertion good() {
        return of("agent", key);
    }

    private TestAssertion of(String clientId, HandMadeJws by) {
        return TestAssertion.by(by).of(clientId, Asserting.ISSUER, clock.instant());
    }

    private static String named(HandMadeJws key, String name) {
        return key.publicJwk().replace("}", ",\"kid\":\"" + name + "\"}");
    }
}
