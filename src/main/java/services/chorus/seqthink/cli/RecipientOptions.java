package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyRecipient;

/** Whom to seal to. */
final class RecipientOptions {

    @Option(
            names = {"-r", "--recipient"},
            paramLabel = "AGE1...",
            description = "Whom to seal to; may be given several times.")
    List<String> keys = List.of();

    @Option(
            names = {"-R", "--recipients-file"},
            paramLabel = "FILE",
            description = "A file of recipients, one a line.")
    List<Path> files = List.of();

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    boolean given() {
        return !keys.isEmpty() || !files.isEmpty();
    }

    List<KeyRecipient> all() throws IOException {
        List<KeyRecipient> all = new ArrayList<>();
        for (String key : keys) {
            all.add(KeyRecipient.parse(key));
        }
        for (Path file : files) {
            all.addAll(KeyFile.recipients(Files.readAllBytes(file)));
        }
        if (all.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "Say whom to seal to, with --recipient or -R");
        }
        return all;
    }
}
