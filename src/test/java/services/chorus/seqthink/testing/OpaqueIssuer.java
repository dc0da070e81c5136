package services.chorus.seqthink.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Configures a gateway with an introspection endpoint for opaque tokens. Its server is injected
 * into test fields.
 */
public final class OpaqueIssuer implements QuarkusTestResourceLifecycleManager {

    public static final String NAME = "https://opaque.example";

    private final FaultyServer server = FaultyServer.start();

    @Override
    public Map<String, String> start() {
        try {
            Path secret = Files.createTempFile("introspect", ".secret");
            OwnFile.write(secret, Canaries.note("a-secret-of-the-door-at-its-issuer"));
            return Map.of(
                    "seqthink.opaque.introspect-url",
                    server.url("/introspect").toString(),
                    "seqthink.opaque.client-id",
                    "door",
                    "seqthink.opaque.client-secret-path",
                    secret.toString(),
                    "seqthink.opaque.issuer",
                    NAME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        server.close();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(FaultyServer.class));
    }
}
