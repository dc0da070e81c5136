package services.chorus.seqthink.app;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import services.chorus.seqthink.audit.AuditConfig;
import services.chorus.seqthink.config.Catalogue;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Settings;
import services.chorus.seqthink.config.Sources;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.IssuerCheck;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.net.HttpConfig;
import services.chorus.seqthink.policy.IssuerSettings;
import services.chorus.seqthink.policy.PolicyCheck;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.dpop.DpopConfig;
import services.chorus.seqthink.policy.limits.LimitsConfig;
import services.chorus.seqthink.policy.opaque.OpaqueConfig;
import services.chorus.seqthink.policy.rules.RulesConfig;
import services.chorus.seqthink.sealing.SealingCheck;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.tls.TlsConfig;

/** The configuration of the whole service, checked before anything of it starts. */
public sealed interface Configuration {

    /** All settings. */
    Catalogue CATALOGUE =
            new Catalogue(
                    List.of(
                            GatewayConfig.SECTION,
                            TlsConfig.SECTION,
                            SealingConfig.SECTION,
                            PolicyConfig.SECTION,
                            RulesConfig.SECTION,
                            OpaqueConfig.SECTION,
                            DpopConfig.SECTION,
                            LimitsConfig.SECTION,
                            AuditConfig.SECTION,
                            McpConfig.SECTION,
                            StateConfig.SECTION,
                            HttpConfig.SECTION,
                            IssuerConfig.SECTION));

    /** Settings of other versions that this one does not support. */
    Set<String> NOT_DONE = Set.of("MCP_COMMAND", "MCP_PLAIN");

    /**
     * Without a fault.
     *
     * @param config all of it; the other components are its sections
     */
    record Usable(
            SmallRyeConfig config,
            GatewayConfig gateway,
            TlsConfig tls,
            SealingConfig sealing,
            PolicyConfig policy,
            RulesConfig rules,
            OpaqueConfig opaque,
            DpopConfig dpop,
            LimitsConfig limits,
            AuditConfig audit,
            McpConfig mcp,
            StateConfig state,
            HttpConfig http,
            IssuerConfig issuer)
            implements Configuration {

        /** The sections of a configuration in which no fault was found. */
        public Usable(SmallRyeConfig config) {
            this(
                    config,
                    config.getConfigMapping(GatewayConfig.class),
                    config.getConfigMapping(TlsConfig.class),
                    config.getConfigMapping(SealingConfig.class),
                    config.getConfigMapping(PolicyConfig.class),
                    config.getConfigMapping(RulesConfig.class),
                    config.getConfigMapping(OpaqueConfig.class),
                    config.getConfigMapping(DpopConfig.class),
                    config.getConfigMapping(LimitsConfig.class),
                    config.getConfigMapping(AuditConfig.class),
                    config.getConfigMapping(McpConfig.class),
                    config.getConfigMapping(StateConfig.class),
                    config.getConfigMapping(HttpConfig.class),
                    config.getConfigMapping(IssuerConfig.class));
        }

        /** Whether callers need no token, which only {@code INSECURE_DEV} permits. */
        public boolean isPolicyOff() {
            return policy.isOff() && opaque.isOff();
        }

        /** Contradictions between settings that are each well formed. */
        private List<Fault> faults() {
            boolean dev = gateway.insecureDev();
            boolean door = Role.DOOR.actsIn(gateway);
            boolean issuing = Role.ISSUER.actsIn(gateway);
            List<Fault> faults = new ArrayList<>(GatewayConfig.faults(gateway));
            faults.addAll(TlsConfig.faults(tls));
            if (door) {
                Optional<String> ownIssuer = issuing ? issuer.url() : Optional.empty();
                faults.addAll(SealingCheck.faults(sealing, dev));
                faults.addAll(new PolicyCheck(ownIssuer, dev || !opaque.isOff()).faults(policy));
                ownIssuer.ifPresent(own -> faults.addAll(refusedOwnTokens(own)));
                faults.addAll(RulesConfig.faults(rules));
                faults.addAll(
                        OpaqueConfig.faults(
                                opaque, IssuerSettings.names(policy), policy.firstAudience()));
                faults.addAll(DpopConfig.faults(dpop, isPolicyOff()));
                faults.addAll(AuditConfig.faults(audit));
                faults.addAll(McpConfig.faults(mcp));
            }
            faults.addAll(LimitsConfig.faults(limits));
            // an issuer alone may have no identities, and then does not share its state
            boolean sealed = !door || sealing.identities().isPresent();
            faults.addAll(StateConfig.faults(state, sealed));
            faults.addAll(HttpConfig.faults(http));
            if (issuing) {
                faults.addAll(IssuerCheck.faults(issuer));
            }
            return faults;
        }

        /** Entries for the issuer in this process that do not accept its signatures. */
        private List<Fault> refusedOwnTokens(String own) {
            String algorithm = issuer.algorithm();
            List<PolicyConfig.Entry> table = policy.table();
            return IntStream.range(0, table.size())
                    .filter(i -> table.get(i).name().filter(own::equals).isPresent())
                    .filter(i -> !accepts(table.get(i), algorithm))
                    .mapToObj(
                            i ->
                                    new Fault(
                                            "seqthink.policy.issuer[%d].algorithms".formatted(i),
                                            "lacks "
                                                    + algorithm
                                                    + ", the ISSUER_ALGORITHM of the issuer in this"
                                                    + " process",
                                            "add it, or unset algorithms to accept what its keys"
                                                    + " permit"))
                    .toList();
        }

        private static boolean accepts(PolicyConfig.Entry issuer, String algorithm) {
            return issuer.algorithms().isEmpty()
                    || issuer.algorithms().get().stream()
                            .map(name -> SignatureAlgorithm.named(name.strip()))
                            .anyMatch(SignatureAlgorithm.named(algorithm)::equals);
        }
    }

    /** With at least one fault. */
    record Faulty(List<Fault> faults) implements Configuration {}

    /** Reads all settings without checking them for contradictions. */
    static Settings read(Sources sources) {
        return new Settings(CATALOGUE, sources);
    }

    /** Reads all settings and checks them. */
    static Configuration of(Sources sources) {
        Settings settings = read(sources);
        if (!settings.unreadable().isEmpty()) {
            return new Faulty(settings.unreadable());
        }
        List<Fault> misformed = settings.faults(CATALOGUE.variables());
        Set<String> faulty = misformed.stream().map(Fault::variable).collect(toUnmodifiableSet());
        // looks for contradictions even if a value is malformed, to report all faults at once
        Usable rest = new Usable(settings.config());
        List<Fault> faults = new ArrayList<>(notDone(sources));
        faults.addAll(settings.faultsOfSources());
        Stream.concat(
                        misformed.stream(),
                        rest.faults().stream().filter(f -> !faulty.contains(f.variable())))
                .map(settings::placed)
                .forEach(faults::add);
        return faults.isEmpty() ? rest : new Faulty(List.copyOf(faults));
    }

    private static List<Fault> notDone(Sources sources) {
        return NOT_DONE.stream()
                .filter(sources.environment()::containsKey)
                .map(
                        name ->
                                new Fault(
                                        name,
                                        "is not supported by this version",
                                        "unset it, or use a version that supports it"))
                .toList();
    }
}
