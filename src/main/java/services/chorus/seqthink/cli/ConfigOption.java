package services.chorus.seqthink.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import services.chorus.seqthink.config.Sources;

/** The configuration file, named on the command line. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The TOML file of settings (default: CONFIG_PATH).")
    Optional<Path> file;

    Sources of(CommandContext context) {
        return file.map(context.sources()::reading).orElse(context.sources());
    }
}
