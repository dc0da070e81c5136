package services.chorus.seqthink.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of a gateway under test, its keys on disk, and an issuer with a real JWKS endpoint.
 * Injected into test fields of its type. Arguments are additional properties.
 */
public final class Door implements QuarkusTestResourceLifecycleManager {

    public static final String PUBLIC_URL = "https://door.example";
    public static final String TOOL_ROUTE = PUBLIC_URL + "/mcp/tool";

    /** The argument that names sections to leave out, such as {@code sealing|policy}. */
    public static final String WITHOUT = "without";

    private final AgeKey key = AgeKey.generate();
    private final AgeKey bareReader = AgeKey.generate();
    private final HandMadeJws signer = HandMadeJws.generate();
    private final HandMadeJws auditor = HandMadeJws.generate();
    private final Map<String, String> extra = new HashMap<>();
    private TestIssuer issuer;
    private Path folder;
    private Path identities;
    private Path recipients;

    @Override
    public void init(Map<String, String> args) {
        extra.putAll(args);
    }

    @Override
    public Map<String, String> start() {
        issuer = TestIssuer.start();
        try {
            folder = Files.createTempDirectory("door");
            identities = folder.resolve("door.key");
            Files.writeString(identities, key.secret() + "\n");
            recipients = folder.resolve("bare.pub");
            Files.writeString(recipients, bareReader.recipient() + "\n");
            Path doorKey = folder.resolve("door.jwk");
            Files.writeString(doorKey, signer.privateJwk());
            Path auditKey = folder.resolve("audit.jwk");
            Files.writeString(auditKey, auditor.privateJwk());
            Map<String, String> config = new HashMap<>();
            config.put("seqthink.gateway.public-url", PUBLIC_URL);
            // tests call it by its address, or with a Host header of their own
            config.put("seqthink.gateway.allowed-hosts", "localhost,127.0.0.1,door,door.example");
            config.put("seqthink.gateway.bind-address", "127.0.0.1");
            config.put("seqthink.gateway.log-level", "debug");
            // all requests of a test class have one address, and some tests send very many
            config.put("seqthink.limits.per-minute", "1000000");
            config.put("seqthink.limits.failures-per-minute", "1000000");
            config.put("seqthink.sealing.identities", identities.toString());
            config.put("seqthink.sealing.recipients", recipients.toString());
            config.put("seqthink.sealing.door-key", doorKey.toString());
            config.put("seqthink.audit.path", audit().toString());
            config.put("seqthink.audit.key", auditKey.toString());
            config.put("seqthink.policy.jwks-urls", issuer.jwksUrl());
            config.put("seqthink.policy.deny-urls", issuer.denyUrl());
            config.put("seqthink.policy.issuers", TestIssuer.ISSUER);
            config.put("seqthink.policy.audiences", TestIssuer.AUDIENCE);
            String without = extra.remove(WITHOUT);
            if (without != null) {
                config.put("seqthink.gateway.insecure-dev", "true");
                config.keySet().removeIf(name -> name.matches("seqthink\\.(" + without + ")\\..*"));
            }
            config.putAll(extra);
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        issuer.close();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(Door.class));
    }

    public TestIssuer issuer() {
        return issuer;
    }

    /** The gateway's identity. */
    public AgeKey key() {
        return key;
    }

    /** The identities file, which holds the key. */
    public Path identities() {
        return identities;
    }

    /** The recipients file of replies to bare requests. */
    public Path recipients() {
        return recipients;
    }

    /** The names of the audit log's files begin with this path. */
    public Path audit() {
        return folder.resolve("audit.jsonl");
    }

    /** The key that signs the gateway's recipients. */
    public HandMadeJws signer() {
        return signer;
    }

    /** The key that opens replies to bare requests. */
    public AgeKey bareReader() {
        return bareReader;
    }
}
