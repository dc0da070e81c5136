package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyIdentity;

/** What to open with. */
final class IdentityOptions {

    @Option(
            names = {"-i", "--identity"},
            required = true,
            paramLabel = "FILE",
            description = "An identity file, as keygen writes it; may be given several times.")
    List<Path> files;

    List<KeyIdentity> all() throws IOException {
        List<KeyIdentity> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(KeyFile.identities(Files.readAllBytes(file)));
        }
        return all;
    }
}
