package services.chorus.seqthink.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Settings;
import services.chorus.seqthink.issuer.IssuerCheck;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerStorage;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.recovery.IssuerFiles;

/** Selects the issuer that serve would start. */
final class IssuerOptions {

    @Mixin BaseCommand.ConfigOption config;

    /** The issuer's settings; only the form of each value is checked. */
    IssuerConfig of(CommandContext context) throws CommandFailed {
        Settings settings = Configuration.read(config.of(context));
        requireNone(settings.unreadableFile().stream());
        requireNone(settings.faults(IssuerConfig.SECTION.variables()).stream());
        return settings.section(IssuerConfig.class);
    }

    private static void requireNone(Stream<Fault> faults) throws CommandFailed {
        Optional<Fault> first = faults.findFirst();
        if (first.isPresent()) {
            throw new CommandFailed(first.get().line());
        }
    }

    /** The signing keys, which only a running issuer makes. */
    static SigningKeys keys(CommandContext context, Path path, IssuerConfig config)
            throws CommandFailed {
        requireMade(path);
        warnOfAccess(context, path, config);
        requireNone(IssuerCheck.keyFaults(config).stream());
        return IssuerStorage.openKeys(path, config, Clock.systemUTC());
    }

    static void requireMade(Path keys) throws CommandFailed {
        if (Files.notExists(keys)) {
            throw new CommandFailed(
                    "there is no file %s: start the issuer, which makes its keys".formatted(keys));
        }
    }

    static IssuerFiles files(CommandContext context, IssuerConfig config) throws CommandFailed {
        IssuerStorage paths = paths(config);
        warnOfAccess(context, paths.keys(), config);
        return new IssuerFiles(
                paths.keys(), IssuerStorage.keyStorage(config), paths.clients(), paths.revoked());
    }

    private static void warnOfAccess(CommandContext context, Path keys, IssuerConfig config) {
        context.warnOfAccess(
                Stream.concat(Stream.of(keys), config.identityPath().stream()).toList());
    }

    static IssuerStorage paths(IssuerConfig config) throws CommandFailed {
        return IssuerStorage.of(config)
                .orElseThrow(
                        () ->
                                new CommandFailed(
                                        "no issuer files: set ISSUER_KEYS_PATH and"
                                                + " ISSUER_CLIENTS_PATH as for serve, or give"
                                                + " the settings with --config FILE"));
    }
}
