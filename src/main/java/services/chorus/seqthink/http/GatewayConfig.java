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
                    .add("PORT", "port", "8443", Form.number(0, 65535, ""))
                    .essential(
                            "TCP port to listen on; 0 takes a free one. `PORT_REST` is read "
                                    + "when `PORT` is not set. Both outrank every other source.")
                    .setByPlatform("PORT_REST")
                    .add("BIND_ADDRESS", "bind-address", "0.0.0.0", Form.text("a local address"))
                    .essential(
                            "Local address to listen on. With `INSECURE_DEV` it is always "
                                    + "`127.0.0.1`.")
                    .add("PUBLIC_URL", "public-url", Form.url())
                    .essential(
                            "Mandatory for the door role. The URL that callers use, without a"
                                    + " trailing slash. Sealed requests must name it in the envelope's"
                                    + " `to`; request headers are never used instead.")
                    .add("ALLOWED_HOSTS", "allowed-hosts", Form.hosts())
                    .meaning(
                            "Values of the `Host` header to accept, comma-separated, each with a"
                                    + " port or for any port. Other requests get 421; probes and"
                                    + " `/metrics` accept any host. Unset: the hosts of `PUBLIC_URL`"
                                    + " and `ISSUER_URL`.")
                    .add("ALLOWED_ORIGINS", "allowed-origins", Form.origins())
                    .meaning(
                            "Web origins whose pages may send requests, such as"
                                    + " `https://app.example.org`, comma-separated. A request from any"
                                    + " other origin gets 403. Unset: no origin.")
                    .add("ROLES", "roles", "door", Form.listOf("door", "issuer"))
                    .essential(
                            "What this process runs: `door` (the gateway), `issuer` (the built-in"
                                    + " authorization server) or both, comma-separated. An issuer alone"
                                    + " needs none of the gateway's settings.")
                    .add("ISSUER_ENABLED", "issuer-enabled", "false", Form.flag())
                    .meaning("`true` adds `issuer` to `ROLES`.")
                    .add("MAX_BODY_MB", "max-body-mb", "4", Form.number(1, 1024, "MiB"))
                    .meaning("Largest request body, as received.")
                    .add("BODY_TIMEOUT", "body-timeout", "30s", Form.duration("100ms", "10m"))
                    .meaning(
                            "How long a request body may take to arrive. Until it is complete, at"
                                    + " least 80 KiB must also arrive in every 10 s (8 KiB/s). A slower"
                                    + " body gets 408.")
                    .add("MAX_INFLIGHT_MB", "max-inflight-mb", "64", Form.number(1, 65536, "MiB"))
                    .meaning(
                            "Total size of the request bodies in memory. A request that would"
                                    + " exceed it gets 503 `busy`, one that would exceed its caller's"
                                    + " share gets 429 `caller-busy`, and its body is not read. At most"
                                    + " 1/16 of the heap is used, but never less than twice "
                                    + "`MAX_BODY_MB`.")
                    .add(
                            "LOG_LEVEL",
                            "log-level",
                            "info",
                            Form.oneOf("debug", "info", "warn", "error"))
                    .meaning("Lowest level of log lines: `debug`, `info`, `warn` or `error`.")
                    .add("LOG_JSON", "log-json", "true", Form.flag())
                    .meaning("`true` writes log lines as JSON objects, `false` as plain text.")
                    .add("INSECURE_DEV", "insecure-dev", "false", Form.flag())
                    .essential(
                            "`true` permits running without encryption or policy: what is"
                                    + " configured stays on, what is not configured is off. Listens on"
                                    + " loopback only. For development.");

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

    /** A part of the service that can run alone. */
    enum Role {
        DOOR,
        ISSUER;

        /** Whether this part runs in a process with that configuration. */
        public boolean actsIn(GatewayConfig config) {
            return config.namedRoles().contains(this) || this == ISSUER && config.issuerEnabled();
        }

        /** All parts that run in a process with that configuration. */
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
                            "set it to MAX_BODY_MB or more, so that the largest bodies fit"));
        }
        return faults;
    }

    /** The limits for request bodies in a process with that heap. */
    static BodyLimits bodyLimits(GatewayConfig config, Heap heap) {
        return BodyLimits.of(
                config.maxBodyMb(), config.bodyTimeout(), config.maxInflightMb(), heap);
    }

    /** Warnings about values that are valid. */
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
