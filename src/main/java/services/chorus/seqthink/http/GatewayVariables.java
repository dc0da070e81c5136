package services.chorus.seqthink.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.pipeline.BodyLimits;

/** The HTTP face's variables and the rules between them. */
public final class GatewayVariables {

    private static final List<Variable> ALL =
            List.of(
                    Variable.of(
                            "PORT",
                            "seqthink.gateway.port",
                            "8443",
                            Form.number(0, 65535),
                            "Port to listen on (`PORT_REST` is read where `PORT` is not set);"
                                    + " 0 takes a free one."),
                    Variable.of(
                            "BIND_ADDRESS",
                            "seqthink.gateway.bind-address",
                            "0.0.0.0",
                            Form.text("a local address"),
                            "Address to listen on; `127.0.0.1` always under `INSECURE_DEV`."),
                    Variable.of(
                            "PUBLIC_URL",
                            "seqthink.gateway.public-url",
                            Form.url(),
                            "Mandatory. What callers call; compared with the envelope's `to`,"
                                    + " never taken from a request header."),
                    Variable.of(
                            "ALLOWED_HOSTS",
                            "seqthink.gateway.allowed-hosts",
                            Form.authorities(),
                            "Hosts that requests may ask for, each with a port or for all ports;"
                                    + " the hosts of `PUBLIC_URL` and `ISSUER_URL` when not set."
                                    + " Others get 421; probes and `/metrics` take any."),
                    Variable.of(
                            "ALLOWED_ORIGINS",
                            "seqthink.gateway.allowed-origins",
                            Form.origins(),
                            "Web origins whose pages may call, such as https://app.example.org;"
                                    + " none when not set. A request from another gets 403."),
                    Variable.of(
                            "ROLES",
                            "seqthink.gateway.roles",
                            "door",
                            Form.listOf("door", "issuer"),
                            "`door`, `issuer` or both; an issuer alone needs none of the door's"
                                    + " variables."),
                    Variable.of(
                            "ISSUER_ENABLED",
                            "seqthink.gateway.issuer-enabled",
                            "false",
                            Form.flag(),
                            "`true` adds `issuer` to `ROLES`."),
                    Variable.of(
                            "MAX_BODY_MB",
                            "seqthink.gateway.max-body-mb",
                            "4",
                            Form.number(1, 1024),
                            "Largest request body, in MiB as received."),
                    Variable.of(
                            "BODY_TIMEOUT",
                            "seqthink.gateway.body-timeout",
                            "30s",
                            Form.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
                            "How long a request body may take to arrive."),
                    Variable.of(
                            "MAX_INFLIGHT_MB",
                            "seqthink.gateway.max-inflight-mb",
                            "64",
                            Form.number(1, 65536),
                            "MiB of request bodies held at once; over it a body is not read and"
                                    + " the answer is 503 `busy`. At most a sixteenth of the heap,"
                                    + " though never less than `MAX_BODY_MB`."),
                    Variable.of(
                            "LOG_LEVEL",
                            "seqthink.gateway.log-level",
                            "info",
                            Form.oneOf("debug", "info", "warn", "error"),
                            "`debug`, `info`, `warn` or `error`."),
                    Variable.of(
                            "LOG_JSON",
                            "seqthink.gateway.log-json",
                            "true",
                            Form.flag(),
                            "`false` writes plain log lines."),
                    Variable.of(
                            "INSECURE_DEV",
                            "seqthink.gateway.insecure-dev",
                            "false",
                            Form.flag(),
                            "`true` is the only way to run without encryption or policy: what is"
                                    + " configured stays on, what is not is off; loopback"
                                    + " only."));

    private GatewayVariables() {}

    /** Every variable of this room. */
    public static List<Variable> all() {
        return ALL;
    }

    /** What keeps this room from starting. */
    public static List<Fault> faults(GatewayConfig config) {
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

    /** What works in this room and should still be known of a door. */
    public static List<String> warnings(GatewayConfig config, Heap heap) {
        if (config.maxInflightMb() <= BodyLimits.mostMb(heap)) {
            return List.of();
        }
        return List.of(
                ("MAX_INFLIGHT_MB is %d, more than a sixteenth of the heap of %d MiB: %d is used;"
                                + " give the process more memory, or set it lower")
                        .formatted(
                                config.maxInflightMb(),
                                heap.bytes() >> 20,
                                BodyLimits.of(
                                                        config.maxBodyMb(),
                                                        config.bodyTimeout(),
                                                        config.maxInflightMb(),
                                                        heap)
                                                .mostInflightBytes()
                                        >> 20));
    }
}
