package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.X25519Identity;
import services.chorus.seqthink.sealing.FiledIdentity;

/** Makes an age identity, in the form that {@code age-keygen} writes. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Make an age identity and print its recipient.",
            "With -o the identity goes to a new file that only its owner reads, and the recipient"
                    + " to standard output; without, the identity goes to standard output and the"
                    + " recipient to standard error."
        })
final class KeygenCommand implements Callable<Integer> {

    @ParentCommand RootCommand root;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the identity goes; never overwritten.")
    Path output;

    @Option(
            names = "--pq",
            description =
                    "A post-quantum identity (mlkem768x25519), for callers with age 1.3 or newer.")
    boolean postQuantum;

    @Override
    public Integer call() throws IOException {
        try (KeyIdentity identity =
                postQuantum ? HybridIdentity.generate() : X25519Identity.generate()) {
            String recipient = identity.recipient().toString();
            byte[] file = FiledIdentity.made(identity, Instant.now()).write();
            try {
                if (output == null) {
                    root.surroundings().out().write(file);
                    root.surroundings().out().flush();
                    root.surroundings().err().println(recipient);
                } else {
                    try (OutputStream out = PrivateFile.create(output)) {
                        out.write(file);
                    }
                    root.surroundings().out().println(recipient);
                }
            } finally {
                Arrays.fill(file, (byte) 0);
            }
        }
        return ExitCode.OK;
    }
}
