package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.TestAssertion;
import services.chorus.seqthink.testing.WatchedState;

/** A clients file and a verifier of assertions. */
record Asserting(
        Clients clients,
        LastUsed used,
        WatchedState state,
        AssertionMemory lasting,
        InstantSource clock) {

    static final String ISSUER = "https://tokens.example";
    static final String ENDPOINT = ISSUER + "/oauth/token";

    static Asserting in(Path folder, InstantSource clock) {
        Path path = folder.resolve("clients.json");
        Clients clients = Clients.open(path, clock);
        WatchedState state = new WatchedState(States.inMemory(clock), true);
        return new Asserting(
                clients,
                new LastUsed(clients, path, clock),
                state,
                AssertionMemory.lasting(state),
                clock);
    }

    /** The same issuer with another clock. */
    Asserting by(InstantSource other) {
        return new Asserting(clients, used, state, lasting, other);
    }

    Verification verify(TestAssertion assertion) {
        return verify(assertion, lasting);
    }

    Verification verify(TestAssertion assertion, AssertionMemory memory) {
        return verifier(memory, 1)
                .verify(read(assertion).orElseThrow(), InetAddress.getLoopbackAddress());
    }

    Verification verify(ClientCredentials credentials) {
        return verifier().verify(credentials, InetAddress.getLoopbackAddress());
    }

    ClientVerifier verifier() {
        return verifier(lasting, 1);
    }

    ClientVerifier verifier(int hashesAtOnce) {
        return verifier(lasting, hashesAtOnce);
    }

    private ClientVerifier verifier(AssertionMemory memory, int hashesAtOnce) {
        return new ClientVerifier(
                clients,
                new AssertionVerifier(ISSUER, () -> memory, clock),
                used,
                clock,
                hashesAtOnce);
    }

    static Optional<ClientCredentials> read(TestAssertion assertion) {
        return read(assertion.sign());
    }

    static Optional<ClientCredentials> read(String assertion) {
        return ClientAssertion.read(assertion.getBytes(UTF_8), ENDPOINT);
    }

    static PublicKeys keys(String json) {
        return PublicKeys.parse(json.getBytes(UTF_8));
    }

    static Registration agent(String clientId) {
        return Registrations.of(clientId, Set.of("run"), Optional.empty(), Optional.empty());
    }
}
