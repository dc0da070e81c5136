package services.chorus.seqthink.issuer;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Configurations: the values that a test sets, else the defaults. */
final class IssuerConfigs {

    private static final Map<String, Object> DEFAULTS =
            Map.of(
                    "tokenTtl", Duration.ofMinutes(15),
                    "rateLimitPerMinute", 60,
                    "algorithm", "RS256",
                    "rotation", Duration.ofDays(7),
                    "grace", Duration.ofHours(24),
                    "jwksMaxAge", Duration.ofMinutes(5));

    private IssuerConfigs() {}

    /** An issuer that keeps its files in a folder. */
    static IssuerConfig complete(Path folder) {
        return complete(folder, Map.of());
    }

    /**
     * @param said values by the names of {@link IssuerConfig}'s methods
     */
    static IssuerConfig complete(Path folder, Map<String, Object> said) {
        Map<String, Object> all = new HashMap<>();
        all.put("url", Optional.of("https://tokens.example"));
        all.put("audience", Optional.of("https://door.example"));
        all.put("keysPath", Optional.of(folder.resolve("keys.json")));
        all.put("clientsPath", Optional.of(folder.resolve("clients.json")));
        all.putAll(said);
        return of(all);
    }

    static IssuerConfig of(Map<String, Object> said) {
        return (IssuerConfig)
                Proxy.newProxyInstance(
                        IssuerConfig.class.getClassLoader(),
                        new Class<?>[] {IssuerConfig.class},
                        (proxy, method, arguments) ->
                                said.getOrDefault(
                                        method.getName(),
                                        DEFAULTS.getOrDefault(method.getName(), Optional.empty())));
    }
}
