package services.chorus.seqthink.cli;

import java.util.Optional;
import picocli.CommandLine.Mixin;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Settings;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerStorage;
import services.chorus.seqthink.issuer.recovery.IssuerFiles;

/** The issuer that a command is about: the one that serve would be. */
final class IssuerOptions {

    @Mixin BaseCommand.ConfigOption config;

    /**
     * What that issuer is told; only the form of each value was judged.
     *
     * @throws CommandFailed when the configuration file cannot be read, or a value is of no use
     */
    IssuerConfig of(CommandContext context) throws CommandFailed {
        Settings settings = Configuration.read(config.of(context));
        Optional<Fault> fault =
                settings.unreadableFile()
                        .or(
                                () ->
                                        settings.faults(IssuerConfig.SECTION.variables()).stream()
                                                .findFirst());
        if (fault.isPresent()) {
            throw new CommandFailed(fault.get().line());
        }
        return settings.section(IssuerConfig.class);
    }

    /**
     * @throws CommandFailed when the paths are not said
     */
    static IssuerFiles files(IssuerConfig config) throws CommandFailed {
        IssuerStorage paths = paths(config);
        return new IssuerFiles(
                paths.keys(), IssuerStorage.keyStorage(config), paths.clients(), paths.revoked());
    }

    /**
     * @throws CommandFailed when the paths are not said
     */
    static IssuerStorage paths(IssuerConfig config) throws CommandFailed {
        return IssuerStorage.of(config)
                .orElseThrow(
                        () ->
                                new CommandFailed(
                                        "which issuer? Set ISSUER_KEYS_PATH and"
                                                + " ISSUER_CLIENTS_PATH as for serve, or name"
                                                + " its settings by --config FILE"));
    }
}
