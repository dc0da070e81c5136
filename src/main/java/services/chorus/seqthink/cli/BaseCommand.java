package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.config.Sources;
import services.chorus.seqthink.net.CertificateAuthorities;

/** What all commands share: {@code --help}, {@code --version}, and the context they run in. */
@Command(mixinStandardHelpOptions = true, versionProvider = BaseCommand.VersionText.class)
abstract class BaseCommand implements Callable<Integer> {

    @Spec CommandSpec spec;

    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            return new String[] {"seqthink-wrapper " + Version.current()};
        }
    }

    CommandContext context() {
        return ((RootCommand) spec.root().userObject()).context();
    }

    /** Call it before a secret is read from files, and once for each of them. */
    final void warnOfAccess(Path... secrets) {
        context().warnOfAccess(List.of(secrets));
    }

    final PrintStream out() {
        return context().out();
    }

    final PrintStream err() {
        return context().err();
    }

    /** An invalid command line. */
    final ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** A command that does nothing but hold others. */
    abstract static class Group extends BaseCommand {

        @Override
        public final Integer call() {
            throw misuse("name a command: " + String.join(", ", spec.subcommands().keySet()));
        }
    }

    static final class ConfigOption {

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The TOML file of settings (default: CONFIG_PATH).")
        Optional<Path> file;

        Sources of(CommandContext context) {
            return file.map(context.sources()::reading).orElse(context.sources());
        }
    }

    static final class IdentityOptions {

        @Option(
                names = {"-i", "--identity"},
                required = true,
                paramLabel = "FILE",
                description = "An age identity file, as keygen writes it; may be repeated.")
        List<Path> files;

        @Spec(Spec.Target.MIXEE)
        CommandSpec command;

        List<KeyIdentity> all() throws IOException {
            ((BaseCommand) command.userObject()).context().warnOfAccess(files);
            List<KeyIdentity> all = new ArrayList<>();
            for (Path file : files) {
                all.addAll(KeyFiles.read(file, "identities", KeyFile::identities));
            }
            return all;
        }
    }

    static final class TrustOptions {

        @Option(
                names = "--cacert",
                paramLabel = "FILE",
                description =
                        "A PEM file of certificate authorities to trust for this call, besides the"
                                + " system's.")
        Path file;

        CertificateAuthorities authorities() throws CommandFailed {
            try {
                return CertificateAuthorities.systemAnd(Optional.ofNullable(file));
            } catch (IOException e) {
                throw new CommandFailed(
                        "--cacert %s cannot be used: give a PEM file of certificates"
                                .formatted(file));
            }
        }
    }

    static final class RecipientOptions {

        @Option(
                names = {"-r", "--recipient"},
                paramLabel = "AGE1...",
                description = "A recipient to seal to; may be repeated.")
        List<String> keys = List.of();

        @Option(
                names = {"-R", "--recipients-file"},
                paramLabel = "FILE",
                description = "A file of recipients to seal to, one on each line.")
        List<Path> files = List.of();

        @Spec(Spec.Target.MIXEE)
        CommandSpec command;

        boolean given() {
            return !keys.isEmpty() || !files.isEmpty();
        }

        List<KeyRecipient> all() throws IOException {
            if (!given()) {
                throw new ParameterException(
                        command.commandLine(),
                        "no recipient to seal to: give --recipient or --recipients-file");
            }
            List<KeyRecipient> all = new ArrayList<>();
            for (String key : keys) {
                all.add(KeyFiles.recipient("--recipient", key));
            }
            for (Path file : files) {
                all.addAll(KeyFiles.read(file, "recipients", KeyFile::recipients));
            }
            return all;
        }
    }
}
