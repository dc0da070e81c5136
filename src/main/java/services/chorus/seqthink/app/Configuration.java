package services.chorus.seqthink.app;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.audit.AuditConfig;
import services.chorus.seqthink.audit.AuditVariables;
import services.chorus.seqthink.cli.CommandFailed;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.http.GatewayVariables;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerVariables;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.mcp.McpVariables;
import services.chorus.seqthink.net.HttpConfig;
import services.chorus.seqthink.net.HttpVariables;
import services.chorus.seqthink.policy.IssuerSettings;
import services.chorus.seqthink.policy.PolicyCheck;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.dpop.DpopConfig;
import services.chorus.seqthink.policy.dpop.DpopVariables;
import services.chorus.seqthink.policy.limits.LimitsConfig;
import services.chorus.seqthink.policy.limits.LimitsVariables;
import services.chorus.seqthink.policy.opaque.OpaqueConfig;
import services.chorus.seqthink.policy.opaque.OpaqueVariables;
import services.chorus.seqthink.policy.rules.RulesConfig;
import services.chorus.seqthink.policy.rules.RulesVariables;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.sealing.SealingVariables;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.state.StateVariables;
import services.chorus.seqthink.tls.TlsConfig;
import services.chorus.seqthink.tls.TlsVariables;

/** What the whole service is told, judged before anything of it starts. */
public sealed interface Configuration {

    /** Good to start with. */
    record Usable(
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

        /** What keeps these settings, each well formed, from going together. */
        List<Fault> faults() {
            boolean dev = gateway.insecureDev();
            boolean door = Role.DOOR.actsIn(gateway);
            List<Fault> faults = new ArrayList<>(GatewayVariables.faults(gateway));
            faults.addAll(TlsVariables.faults(tls));
            if (door) {
                Optional<String> ownIssuer =
                        Role.ISSUER.actsIn(gateway) ? issuer.url() : Optional.empty();
                faults.addAll(SealingVariables.faults(sealing, dev));
                faults.addAll(new PolicyCheck(ownIssuer, dev || !opaque.isOff()).faults(policy));
                ownIssuer.ifPresent(
                        own -> faults.addAll(OwnTokens.faults(policy, own, issuer.algorithm())));
                faults.addAll(RulesVariables.faults(rules));
                faults.addAll(
                        OpaqueVariables.faults(
                                opaque, IssuerSettings.names(policy), firstAudience()));
                faults.addAll(DpopVariables.faults(dpop, isPolicyOff()));
                faults.addAll(AuditVariables.faults(audit));
                faults.addAll(McpVariables.faults(mcp));
            }
            faults.addAll(LimitsVariables.faults(limits));
            // an issuer alone may be without identities, and then shares nothing
            boolean sealed = !door || sealing.identities().isPresent();
            faults.addAll(StateVariables.faults(state, sealed));
            faults.addAll(HttpVariables.faults(http));
            if (Role.ISSUER.actsIn(gateway)) {
                faults.addAll(IssuerVariables.faults(issuer));
            }
            return faults;
        }

        /** Whether no token is asked for, which only {@code INSECURE_DEV} permits. */
        public boolean isPolicyOff() {
            return policy.isOff() && opaque.isOff();
        }

        private Optional<String> firstAudience() {
            return policy.audiences().flatMap(audiences -> audiences.stream().findFirst());
        }
    }

    /** Not to be started with; at least one fault. */
    record Faulty(List<Fault> faults) implements Configuration {}

    /** Judges all that a process is told. */
    static Configuration of(Sources sources) {
        if (sources.toml() instanceof TomlFile.Unreadable(Fault fault)) {
            return new Faulty(List.of(fault)); // whatever it was to set would be missed, too
        }
        List<Fault> expressions =
                Stream.of(sources.environment(), sources.properties())
                        .flatMap(said -> SectionedNames.expressions(said).stream())
                        .toList();
        if (!expressions.isEmpty()) {
            return new Faulty(expressions); // what they stand for is not known, or is nothing
        }
        List<Fault> misformed = misformed(sources);
        Set<String> faulty = misformed.stream().map(Fault::variable).collect(toUnmodifiableSet());
        // the rules between variables are asked even when one is misformed, to name all at once
        Usable rest = rooms(sources.silencing(faulty));
        List<Fault> faults = new ArrayList<>(notDone(sources));
        faults.addAll(SectionedNames.unknown(sources.environment()));
        faults.addAll(SectionedNames.empty(sources.environment()));
        faults.addAll(SectionedNames.empty(sources.properties()));
        faults.addAll(sources.toml().faults());
        Stream.concat(
                        misformed.stream(),
                        rest.faults().stream().filter(f -> !faulty.contains(f.variable())))
                .map(sources::placed)
                .forEach(faults::add);
        return faults.isEmpty() ? rest : new Faulty(List.copyOf(faults));
    }

    /**
     * The port that a service of these sources listens on, whatever else is wrong with it.
     *
     * @throws CommandFailed when it is none
     */
    static int port(Sources sources) throws CommandFailed {
        SmallRyeConfig config = sources.builder().build();
        Optional<Fault> fault = misformed(Variables.PORT, sources, config);
        if (fault.isPresent()) {
            throw new CommandFailed(fault.get().line());
        }
        return config.getValue(Variables.PORT.property(), Integer.class);
    }

    /** Whether a service of these sources speaks TLS on its port, and nothing else. */
    static boolean speaksTls(Sources sources) {
        SmallRyeConfig config = sources.builder().withMapping(TlsConfig.class).build();
        return config.getConfigMapping(TlsConfig.class).isOn();
    }

    private static List<Fault> misformed(Sources sources) {
        SmallRyeConfig config = sources.builder().build();
        return Variables.all().stream()
                .flatMap(variable -> misformed(variable, sources, config).stream())
                .toList();
    }

    /** What is wrong with the form of one variable, whatever source it comes from. */
    static Optional<Fault> misformed(Variable variable, Sources sources, SmallRyeConfig config) {
        return sources.said(variable)
                .or(
                        () ->
                                Optional.ofNullable(
                                        config.getConfigValue(variable.property()).getValue()))
                .flatMap(variable::fault);
    }

    /**
     * What this version does not do must not be asked for: nobody would see that it is not done.
     */
    private static List<Fault> notDone(Sources sources) {
        return Variables.NOT_DONE.stream()
                .filter(sources.environment()::containsKey)
                .map(
                        name ->
                                new Fault(
                                        name,
                                        "asks for what this version does not do",
                                        "unset it, or take a version that does"))
                .toList();
    }

    private static Usable rooms(Sources sources) {
        SmallRyeConfig config =
                sources.builder()
                        .withMapping(GatewayConfig.class)
                        .withMapping(TlsConfig.class)
                        .withMapping(SealingConfig.class)
                        .withMapping(PolicyConfig.class)
                        .withMapping(RulesConfig.class)
                        .withMapping(OpaqueConfig.class)
                        .withMapping(DpopConfig.class)
                        .withMapping(LimitsConfig.class)
                        .withMapping(AuditConfig.class)
                        .withMapping(McpConfig.class)
                        .withMapping(StateConfig.class)
                        .withMapping(HttpConfig.class)
                        .withMapping(IssuerConfig.class)
                        .build();
        return new Usable(
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
}
