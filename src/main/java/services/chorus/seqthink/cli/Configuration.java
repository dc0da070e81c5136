package services.chorus.seqthink.cli;

import static java.util.stream.Collectors.toUnmodifiableMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.gateway.GatewayConfig;
import services.chorus.seqthink.gateway.GatewayConfig.Role;
import services.chorus.seqthink.gateway.GatewayVariables;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerVariables;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.mcp.McpVariables;
import services.chorus.seqthink.policy.PolicyCheck;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.sealing.SealingVariables;
import services.chorus.seqthink.settings.Fault;
import services.chorus.seqthink.settings.Variable;

/** What the whole service is told, judged before anything of it starts. */
sealed interface Configuration {

    /** Where MicroProfile Config puts the environment. */
    int ENVIRONMENT = 300;

    /** Good to start with. */
    record Usable(
            GatewayConfig gateway,
            SealingConfig sealing,
            PolicyConfig policy,
            McpConfig mcp,
            IssuerConfig issuer)
            implements Configuration {}

    /** Not to be started with; at least one fault. */
    record Faulty(List<Fault> faults) implements Configuration {}

    /**
     * Judges an environment, system properties above it.
     *
     * @param environment variables by name, as {@link System#getenv()} gives them
     */
    static Configuration of(Map<String, String> environment) {
        List<Fault> misformed = misformed(environment);
        Set<String> faulty = misformed.stream().map(Fault::variable).collect(toUnmodifiableSet());
        // the rules between variables are asked even when one is misformed, to name all at once
        Usable rest = rooms(without(environment, faulty));
        List<Fault> faults = new ArrayList<>(misformed);
        between(rest).stream().filter(f -> !faulty.contains(f.variable())).forEach(faults::add);
        return faults.isEmpty() ? rest : new Faulty(List.copyOf(faults));
    }

    /**
     * The port that a service in this environment listens on, whatever else is wrong with it.
     *
     * @throws CommandFailed when it is none
     */
    static int port(Map<String, String> environment) throws CommandFailed {
        SmallRyeConfig config = sources(environment).build();
        Optional<Fault> fault = misformed(Variables.PORT, environment, config);
        if (fault.isPresent()) {
            throw new CommandFailed(fault.get().line());
        }
        return config.getValue(Variables.PORT.property(), Integer.class);
    }

    private static List<Fault> misformed(Map<String, String> environment) {
        SmallRyeConfig config = sources(environment).build();
        return Variables.all().stream()
                .flatMap(variable -> misformed(variable, environment, config).stream())
                .toList();
    }

    private static Optional<Fault> misformed(
            Variable variable, Map<String, String> environment, SmallRyeConfig config) {
        return VariableSource.value(variable, environment)
                .or(
                        () ->
                                Optional.ofNullable(
                                        config.getConfigValue(variable.property()).getValue()))
                .flatMap(variable::fault);
    }

    private static List<Fault> between(Usable rooms) {
        boolean dev = rooms.gateway().insecureDev();
        Set<Role> roles = rooms.gateway().roles();
        List<Fault> faults = new ArrayList<>(GatewayVariables.faults(rooms.gateway()));
        if (roles.contains(Role.DOOR)) {
            Optional<String> ownIssuer =
                    roles.contains(Role.ISSUER) ? rooms.issuer().url() : Optional.empty();
            faults.addAll(SealingVariables.faults(rooms.sealing(), dev));
            faults.addAll(new PolicyCheck(ownIssuer, dev).faults(rooms.policy()));
            faults.addAll(McpVariables.faults(rooms.mcp()));
        }
        if (roles.contains(Role.ISSUER)) {
            faults.addAll(IssuerVariables.faults(rooms.issuer()));
        }
        return faults;
    }

    private static Map<String, String> without(Map<String, String> environment, Set<String> names) {
        Set<String> properties =
                Variables.all().stream()
                        .filter(variable -> names.contains(variable.name()))
                        .map(Variable::property)
                        .collect(toUnmodifiableSet());
        return environment.entrySet().stream()
                .filter(entry -> !names.contains(entry.getKey()))
                .filter(entry -> !properties.contains(asProperty(entry.getKey())))
                .collect(toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** {@code SEQTHINK_MCP_TIMEOUT} as {@code seqthink.mcp.timeout}. */
    private static String asProperty(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceFirst("_", ".")
                .replaceFirst("_", ".")
                .replace('_', '-');
    }

    private static Usable rooms(Map<String, String> environment) {
        SmallRyeConfig config =
                sources(environment)
                        .withMapping(GatewayConfig.class)
                        .withMapping(SealingConfig.class)
                        .withMapping(PolicyConfig.class)
                        .withMapping(McpConfig.class)
                        .withMapping(IssuerConfig.class)
                        .build();
        return new Usable(
                config.getConfigMapping(GatewayConfig.class),
                config.getConfigMapping(SealingConfig.class),
                config.getConfigMapping(PolicyConfig.class),
                config.getConfigMapping(McpConfig.class),
                config.getConfigMapping(IssuerConfig.class));
    }

    private static SmallRyeConfigBuilder sources(Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(
                        new SysPropConfigSource(),
                        new VariableSource(environment),
                        new EnvConfigSource(environment, ENVIRONMENT),
                        new VariableSource.Defaults());
    }
}
