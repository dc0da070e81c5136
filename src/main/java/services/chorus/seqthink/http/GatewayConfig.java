package services.chorus.seqthink.http;

import static java.util.stream.Collectors.toCollection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the HTTP face is told; {@link GatewayVariables} has the names and the defaults. */
@ConfigMapping(prefix = "seqthink.gateway")
public interface GatewayConfig {

    /** The TCP port; 0 takes a free one. */
    int port();

    /** The local address to listen on. */
    String bindAddress();

    /** What callers call, without a trailing slash; missing only in an issuer or under dev. */
    Optional<URI> publicUrl();

    /** The hosts that requests may name, with or without a port; else those of the own URLs. */
    Optional<List<String>> allowedHosts();

    /** The web origins whose pages may call. */
    Optional<Set<String>> allowedOrigins();

    /** Parts that run in this process; {@link Role#actsIn} knows them all. */
    @WithName("roles")
    Set<Role> namedRoles();

    /** Whether this process issues tokens, whatever parts are named. */
    boolean issuerEnabled();

    /** The largest request body, in MiB as received. */
    int maxBodyMb();

    /** How long a request body may take to arrive. */
    Duration bodyTimeout();

    /** How many MiB of request bodies are held at once. */
    int maxInflightMb();

    /** The level of our own log lines: debug, info, warn or error. */
    String logLevel();

    /** Whether log lines are JSON objects. */
    boolean logJson();

    /** Whether what is not configured is off, instead of stopping the start. */
    boolean insecureDev();

    /** A part of the service that can run by itself. */
    enum Role {
        /** Opens, checks, passes on and seals. */
        DOOR,
        /** Issues tokens. */
        ISSUER;

        /** Whether this part runs in a process of that configuration. */
        public boolean actsIn(GatewayConfig config) {
            return config.namedRoles().contains(this) || this == ISSUER && config.issuerEnabled();
        }

        /** All parts that run in a process of that configuration. */
        public static Set<Role> acting(GatewayConfig config) {
            return Arrays.stream(values())
                    .filter(role -> role.actsIn(config))
                    .collect(toCollection(() -> EnumSet.noneOf(Role.class)));
        }
    }
}
