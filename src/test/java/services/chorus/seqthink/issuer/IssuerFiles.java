package services.chorus.seqthink.issuer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.issuer.clients.ClientSecret;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.PublicKeys;
import services.chorus.seqthink.issuer.clients.Registration;
import services.chorus.seqthink.issuer.clients.Registrations;
import services.chorus.seqthink.testing.HandMadeJws;

/**
 * Configures an issuer in a temporary folder, with clients whose secrets the tests know. Arguments
 * become further properties.
 */
public final class IssuerFiles implements QuarkusTestResourceLifecycleManager {

    static final String URL = "https://tokens.example";
    static final String AUDIENCE = "https://door.example";
    static final String SECRET = "the agent's: own+secret % & of 38 chars";
    static final String RECIPIENT =
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    private static final Set<String> SCOPES = Set.of("think.run", "think.read");

    /** The key of RFC 8037 appendix A.1: a constant, because tests run in several class loaders. */
    static final HandMadeJws KEY =
            HandMadeJws.of(
                    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                    "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");

    private final Map<String, String> extra = new HashMap<>();
    private Path folder;

    /** Texts that are no signed tokens, each for another reason. */
    static Stream<String> noTokens() {
        return Stream.of(
                "opaque",
                "a.b.c",
                "e30.e30.",
                "eyJhbGciOiJub25lIn0.e30.",
                "eyJraWQiOjV9.e30."); // {"kid":5}
    }

    @Override
    public void init(Map<String, String> args) {
        extra.putAll(args);
    }

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory("issuer");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path clientsPath = folder.resolve("clients.json");
        Clients clients = Clients.open(clientsPath, InstantSource.system());
        Optional<Instant> past = Optional.of(Instant.now().minusSeconds(1));
        add(clients, Registrations.of("agent", SCOPES, Optional.of(RECIPIENT), Optional.empty()));
        add(clients, Registrations.of("other", SCOPES, Optional.empty(), Optional.empty()));
        add(clients, Registrations.of("expired", SCOPES, Optional.empty(), past));
        add(clients, privileged("bound", true, false));
        add(clients, privileged("watcher", false, true));
        addKeyed(clients, "keyed", Optional.empty());
        addKeyed(clients, "keyed-and-sealed", Optional.of(RECIPIENT));
        Map<String, String> config = new HashMap<>();
        config.put("quarkus.http.host", "127.0.0.1");
        config.put("quarkus.http.test-port", "0");
        config.put("seqthink.gateway.allowed-hosts", "localhost,127.0.0.1");
        config.put("seqthink.gateway.roles", "issuer");
        config.put("seqthink.issuer.url", URL);
        config.put("seqthink.issuer.audience", AUDIENCE);
        config.put("seqthink.issuer.keys-path", folder.resolve("keys.json").toString());
        config.put("seqthink.issuer.clients-path", clientsPath.toString());
        config.put("seqthink.issuer.jwks-max-age", "4m");
        config.put("seqthink.issuer.token-ttl", "10m");
        // all tests of a class send from one address
        config.put("seqthink.issuer.rate-limit-per-minute", "1000000");
        config.put("seqthink.limits.failures-per-minute", "1000000");
        config.putAll(extra);
        return config;
    }

    @Override
    public void stop() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addKeyed(Clients clients, String clientId, Optional<String> recipient) {
        clients.add(
                Registrations.of(clientId, SCOPES, recipient, Optional.empty()),
                PublicKeys.parse(KEY.publicJwk().getBytes(UTF_8)));
    }

    private static Registration privileged(
            String clientId, boolean requiresDpop, boolean mayIntrospect) {
        return new Registration(
                clientId, SCOPES, Optional.empty(), Optional.empty(), requiresDpop, mayIntrospect);
    }

    private static void add(Clients clients, Registration registration) {
        try (ClientSecret secret = ClientSecret.of(SECRET.getBytes(UTF_8))) {
            clients.add(registration, secret);
        }
    }
}
