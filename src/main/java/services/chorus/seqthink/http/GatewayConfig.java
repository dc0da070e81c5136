package services.chorus.seqthink.http;

import static java.util.stream.Collectors.toCollection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.pipeline.BodyLimits;

/** The settings of the HTTP side, and of the process as a whole. */
@ConfigMapping(prefix = "seqthink.gateway")
public interface GatewayConfig {

    Section SECTION =
            Section.of(GatewayConfig.class, "gateway")
                    .add("PORT", "port", "8443", Form.number(0, 65535))
                    .meaning(
                            "Port to listen on (`PORT_REST` is read where `PORT` is not set); 0"
                                    + " takes a free one.")
                    .setByPlatform("PORT_REST")
                    .add("BIND_ADDRESS", "bind-address", "0.0.0.0", Form.text("a local address"))
                    .meaning("Address to listen on; `127.0.0.1` always under `INSECURE_DEV`.")
                    .add("PUBLIC_URL", "public-url", Form.url())
                    .meaning(
                            "Mandatory. What callers call; compared with the envelope's `to`,"
                                    + " never taken from a request header.")
                    .add("ALLOWED_HOSTS", "allowed-hosts", Form.hosts())
                    .meaning(
                            "Hosts that requests may ask for, each with a port or for all ports;"
                                    + " the hosts of `PUBLIC_URL` and `ISSUER_URL` when not set."
                                    + " Others get 421; probes and `/metrics` take any.")
                    .add("ALLOWED_ORIGINS", "allowed-origins", Form.origins())
                    .meaning(
                            "Web origins whose pages may call, such as https://app.example.org;"
                                    + " none when not set. A request from another gets 403.")
                    .add("ROLES", "roles", "door", Form.listOf("door", "issuer"))
                    .meaning(
                            "`door`, `issuer` or both; an issuer alone needs none of the door's"
                                    + " variables.")
                    .add("ISSUER_ENABLED", "issuer-enabled", "false", Form.flag())
                    .meaning("`true` adds `issuer` to `ROLES`.")
                    .add("MAX_BODY_MB", "max-body-mb", "4", Form.number(1, 1024))
                    .meaning("Largest request body, in MiB as received.")
                    .add("BODY_TIMEOUT", "body-timeout", "30s", Form.duration("100ms", "10m"))
                    .meaning("How long a request body may take to arrive.")
                    .add("MAX_INFLIGHT_MB", "max-inflight-mb", "64", Form.number(1, 65536))
                    .meaning(
                            "MiB of request bodies held at once; over it a body is not read and"
                                    + " the answer is 503 `busy`. At most a sixteenth of the"
                                    + " heap, though never less than `MAX_BODY_MB`.")
                    .add(
                            "LOG_LEVEL",
                            "log-level",
                            "info",
                            Form.oneOf("debug", "info", "warn", "error"))
                    .meaning("`debug`, `info`, `warn` or `error`.")
                    .add("LOG_JSON", "log-json", "true", Form.flag())
                    .meaning("`false` writes plain log lines.")
                    .add("INSECURE_DEV", "insecure-dev", "false", Form.flag())
                    .meaning(
                            "`true` is the only way to run without encryption or policy: what is"
                                    + " configured stays on, what is not is off; loopback only.");

    Variable PORT = SECTION.variable("PORT");

    int port();

    String bindAddress();

    Optional<URI> publicUrl();

    Optional<List<String>> allowedHosts();

    Optional<Set<String>> allowedOrigins();

    @WithName("roles")
    Set<Role> namedRoles();

    boolean issuerEnabled();

    int maxBodyMb();

    Duration bodyTimeout();

    int maxInflightMb();

    String logLevel();

    boolean logJson();

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

    /** Why a service cannot start with these values. */
    static List<Fault> faults(GatewayConfig config) {
        List<Fault> faults = new ArrayList<>();
        boolean door = Role.DOOR.actsIn(config);
        if (door && config.publicUrl().isEmpty() && !config.insecureDev()) {
            faults.add(
                    new Fault(
                            "PUBLIC_URL",
                            "is not set",
                            "set it to the URL that callers call, such as"
                                    + " https://seqthink.example.org"));
        }
        if (config.maxInflightMb() < config.maxBodyMb()) {
            faults.add(
                    new Fault(
                            "MAX_INFLIGHT_MB",
                            "is less than MAX_BODY_MB",
                            "set it to several times MAX_BODY_MB, or no large body is ever read"));
        }
        return faults;
    }

    /** What request bodies may be in a process with that heap. */
    static BodyLimits bodyLimits(GatewayConfig config, Heap heap) {
        return BodyLimits.of(
                config.maxBodyMb(), config.bodyTimeout(), config.maxInflightMb(), heap);
    }

    /** What an operator of a gateway should know of values that work. */
    static List<String> warnings(GatewayConfig config, Heap heap) {
        if (config.maxInflightMb() <= BodyLimits.mostMb(heap)) {
            return List.of();
        }
        return List.of(
                ("MAX_INFLIGHT_MB is %d, more than a sixteenth of the heap of %d MiB: %d is used;"
                                + " give the process more memory, or set it lower")
                        .formatted(
                                config.maxInflightMb(),
                                heap.bytes() >> 20,
                                bodyLimits(config, heap).mostInflightBytes() >> 20));
    }
}
