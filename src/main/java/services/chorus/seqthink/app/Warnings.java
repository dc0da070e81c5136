package services.chorus.seqthink.app;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.audit.AuditConfig;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Loopback;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.IssuerStorage;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.policy.IssuerSettings;
import services.chorus.seqthink.sealing.SealingCheck;
import services.chorus.seqthink.tls.TlsConfig;

/** Warnings about settings that work: doctor prints them, and the start logs them. */
public final class Warnings {

    private final Configuration.Usable usable;
    private final GatewayConfig gateway;
    private final boolean issuing;
    private final List<String> warnings = new ArrayList<>();

    private Warnings(Configuration.Usable usable) {
        this.usable = usable;
        this.gateway = usable.gateway();
        this.issuing = Role.ISSUER.actsIn(gateway);
    }

    /** The warnings, each one line; reads the files that the settings name. */
    public static List<String> of(Configuration.Usable usable, Heap heap) {
        Warnings warnings = new Warnings(usable);
        warnings.collect(heap);
        return warnings.warnings;
    }

    private void collect(Heap heap) {
        warn(
                gateway.insecureDev(),
                "INSECURE_DEV is true: encryption is %s, policy is %s; loopback only"
                        .formatted(
                                onOff(usable.sealing().identities().isPresent()),
                                onOff(!usable.isPolicyOff())));
        // without TLS in this process there is a proxy in front
        boolean proxyUnknown = !usable.tls().isOn() && usable.limits().trustedProxies().isEmpty();
        if (Role.DOOR.actsIn(gateway)) {
            warnings.addAll(SealingCheck.warnings(usable.sealing()));
            warnings.addAll(McpConfig.warnings(usable.mcp()));
            warn(
                    usable.state().url().isEmpty() && !gateway.insecureDev(),
                    "STATE_URL is not set: run one replica only; a second one would accept replayed"
                            + " requests and have none of this one's histories");
            warn(
                    isCalledFromElsewhere() && proxyUnknown,
                    "TRUSTED_PROXIES is not set: behind a proxy all callers share its address and one"
                            + " FAILURE_LIMIT_PER_MINUTE; valid tokens are accepted all the same");
            warnings.addAll(AuditConfig.warnings(usable.audit()));
            warnings.addAll(GatewayConfig.warnings(gateway, heap));
        }
        warn(
                issuing
                        && usable.state().url().isPresent()
                        && usable.sealing().identities().isEmpty(),
                "STATE_URL is set and AGE_IDENT_PATH is not: replicas of this issuer do not share"
                        + " state, and each accepts the same client assertion once; give all of"
                        + " them the same identities");
        warn(
                issuesToElsewhere() && proxyUnknown,
                "TRUSTED_PROXIES is not set: behind a proxy all clients of the issuer share its"
                        + " address, so anyone can use up their ISSUER_RATE_LIMIT_PER_MINUTE and"
                        + " FAILURE_LIMIT_PER_MINUTE");
        if (issuing && Role.DOOR.actsIn(gateway) && !usable.isPolicyOff()) {
            warnOfRejectedTokens();
        }
        boolean plain =
                gateway.publicUrl().filter(url -> url.getScheme().equals("http")).isPresent();
        warn(
                plain && usable.tls().isOn(),
                "PUBLIC_URL is an http URL although PORT accepts TLS only: callers cannot reach it;"
                        + " set it to an https URL");
        warn(
                plain && !usable.tls().isOn() && isCalledFromElsewhere(),
                "PUBLIC_URL is an http URL: tokens travel unencrypted; set it to the https URL that"
                        + " callers use");
        warnings.addAll(TlsConfig.warnings(usable.tls(), Instant.now()));
        Optional<IssuerStorage> issuer = IssuerStorage.of(usable.issuer());
        Stream.of(
                        usable.sealing().identities(),
                        usable.sealing().doorKey(),
                        usable.audit().key(),
                        usable.opaque().clientSecretPath(),
                        usable.issuer().identityPath(),
                        issuer.map(IssuerStorage::keys),
                        issuer.map(IssuerStorage::clients),
                        issuer.map(IssuerStorage::revoked))
                .flatMap(Optional::stream)
                .flatMap(file -> PrivateFile.openToOthers(file).stream())
                .forEach(warnings::add);
    }

    private void warn(boolean applies, String warning) {
        if (applies) {
            warnings.add(warning);
        }
    }

    /** Where the gateway rejects the tokens of the issuer in this process. */
    private void warnOfRejectedTokens() {
        List<String> audiences =
                IssuerSettings.from(usable.policy(), usable.issuer().url()).stream()
                        .filter(TokenAssembly::isOwn)
                        .map(IssuerSettings::audience)
                        .toList();
        warn(
                audiences.isEmpty(),
                "JWT_ISSUER does not contain ISSUER_URL: the gateway rejects the tokens of the"
                        + " issuer in this process");
        warn(
                !audiences.isEmpty()
                        && usable.issuer().audience().filter(audiences::contains).isEmpty(),
                "ISSUER_AUDIENCE differs from the JWT_AUDIENCE of ISSUER_URL: the gateway rejects"
                        + " the tokens of the issuer in this process");
    }

    private boolean isCalledFromElsewhere() {
        return !gateway.insecureDev()
                && gateway.publicUrl().filter(url -> !Loopback.names(url.getHost())).isPresent();
    }

    private boolean issuesToElsewhere() {
        return issuing
                && !gateway.insecureDev()
                && usable.issuer()
                        .url()
                        .filter(url -> !Loopback.names(URI.create(url).getHost()))
                        .isPresent();
    }

    private static String onOff(boolean on) {
        return on ? "on" : "OFF";
    }
}
