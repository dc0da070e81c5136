package services.chorus.seqthink.app;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.audit.AuditVariables;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Loopback;
import services.chorus.seqthink.files.FileMode;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.http.GatewayVariables;
import services.chorus.seqthink.policy.IssuerSettings;
import services.chorus.seqthink.sealing.SealingVariables;
import services.chorus.seqthink.tls.TlsVariables;

/** What works and should still be known: said by {@code doctor} and logged at start. */
public final class Warnings {

    private Warnings() {}

    public static List<String> of(Configuration.Usable usable, Heap heap) {
        List<String> warnings = new ArrayList<>();
        if (usable.gateway().insecureDev()) {
            warnings.add(
                    "INSECURE_DEV is true: encryption is %s, policy is %s; loopback only"
                            .formatted(
                                    onOff(usable.sealing().identities().isPresent()),
                                    onOff(!usable.isPolicyOff())));
        }
        if (Role.DOOR.actsIn(usable.gateway())) {
            if (!usable.sealing().requireBound()) {
                warnings.add(
                        "REQUIRE_BOUND is false: bare requests are bound to no token and can be"
                                + " sent again by whoever sees them; holders of a key in"
                                + " AGE_RECIPS_PATH read all their replies");
            }
            warnings.addAll(SealingVariables.warnings(usable.sealing()));
            if (usable.sealing().identities().isPresent() && usable.sealing().doorKey().isEmpty()) {
                warnings.add(
                        "DOOR_KEY_PATH is not set: no recipients are advertised, so callers must be"
                                + " given them by hand, again after every change of the current"
                                + " identity");
            }
            if (usable.mcp().local().isPresent() && !usable.mcp().runsBuiltIn()) {
                warnings.add(
                        "MCP_LOCAL is shared by all callers: one that speaks the plain contract"
                                + " cannot keep them apart");
            }
            if (usable.mcp().allowRemote()) {
                warnings.add("MCP_ALLOW_REMOTE is true: thoughts may leave this host unsealed");
            }
            if (usable.state().url().isEmpty() && !usable.gateway().insecureDev()) {
                warnings.add(
                        "STATE_URL is not set: run one replica only, since another would take the"
                                + " same request again and know no thought of this one's");
            }
            if (isCalledFromElsewhere(usable.gateway())
                    && !usable.tls().isOn()
                    && usable.limits().trustedProxies().isEmpty()) {
                warnings.add(
                        "TRUSTED_PROXIES is not set: behind a proxy all callers have its address,"
                                + " and one FAILURE_LIMIT_PER_MINUTE, though no good token is"
                                + " refused for it");
            }
            warnings.addAll(AuditVariables.warnings(usable.audit()));
            warnings.addAll(GatewayVariables.warnings(usable.gateway(), heap));
        }
        if (Role.ISSUER.actsIn(usable.gateway())
                && usable.state().url().isPresent()
                && MemoryOfUses.begin(usable.state(), usable.sealing()).isPresent()) {
            warnings.add(
                    "STATE_URL is set and AGE_IDENT_PATH is not: replicas of this issuer share"
                            + " nothing, and each takes the same assertion of a client once; give"
                            + " all of them the same identities");
        }
        if (issuesToElsewhere(usable)
                && !usable.tls().isOn()
                && usable.limits().trustedProxies().isEmpty()) {
            warnings.add(
                    "TRUSTED_PROXIES is not set: behind a proxy all clients of the issuer have its"
                            + " address, so whoever calls it uses up their"
                            + " ISSUER_RATE_LIMIT_PER_MINUTE and FAILURE_LIMIT_PER_MINUTE");
        }
        warnings.addAll(strangers(usable));
        if (isPlain(usable.gateway()) && usable.tls().isOn()) {
            warnings.add(
                    "PUBLIC_URL is an http URL although PORT speaks TLS: nobody can call it so;"
                            + " set it to an https URL");
        } else if (isPlain(usable.gateway()) && isCalledFromElsewhere(usable.gateway())) {
            warnings.add(
                    "PUBLIC_URL is an http URL: whoever is on the way reads callers' tokens; set it"
                            + " to the https URL that callers use");
        }
        warnings.addAll(TlsVariables.warnings(usable.tls(), Instant.now()));
        Stream.of(
                        usable.sealing().identities(),
                        usable.sealing().doorKey(),
                        usable.audit().key(),
                        usable.issuer().keysPath(),
                        usable.issuer().identityPath(),
                        usable.issuer().clientsPath(),
                        usable.issuer().revokedPath())
                .flatMap(Optional::stream)
                .flatMap(file -> FileMode.openToOthers(file).stream())
                .forEach(warnings::add);
        return warnings;
    }

    /** Whether a door and the issuer beside it know each other. */
    private static List<String> strangers(Configuration.Usable usable) {
        if (!Role.DOOR.actsIn(usable.gateway())
                || !Role.ISSUER.actsIn(usable.gateway())
                || usable.isPolicyOff()) {
            return List.of();
        }
        List<String> audiences =
                IssuerSettings.from(usable.policy(), usable.issuer().url()).stream()
                        .filter(TokenAssembly::isOwn)
                        .map(IssuerSettings::audience)
                        .toList();
        if (audiences.isEmpty()) {
            return List.of(
                    "JWT_ISSUER does not name ISSUER_URL: the door takes no token of the issuer"
                            + " beside it");
        }
        return usable.issuer().audience().filter(audiences::contains).isPresent()
                ? List.of()
                : List.of(
                        "ISSUER_AUDIENCE is not what JWT_AUDIENCE says of ISSUER_URL: the door"
                                + " takes no token of the issuer beside it");
    }

    private static boolean isCalledFromElsewhere(GatewayConfig gateway) {
        return !gateway.insecureDev()
                && gateway.publicUrl().filter(url -> !Loopback.names(url.getHost())).isPresent();
    }

    private static boolean issuesToElsewhere(Configuration.Usable usable) {
        return Role.ISSUER.actsIn(usable.gateway())
                && !usable.gateway().insecureDev()
                && usable.issuer()
                        .url()
                        .filter(url -> !Loopback.names(URI.create(url).getHost()))
                        .isPresent();
    }

    private static boolean isPlain(GatewayConfig gateway) {
        return gateway.publicUrl().filter(url -> url.getScheme().equals("http")).isPresent();
    }

    private static String onOff(boolean on) {
        return on ? "on" : "OFF";
    }
}
