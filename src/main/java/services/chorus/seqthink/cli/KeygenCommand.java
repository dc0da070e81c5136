package services.chorus.seqthink.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.X25519Identity;

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

    @Override
    public Integer call() throws IOException {
        try (KeyIdentity identity = X25519Identity.generate()) {
            String recipient = identity.recipient().toString();
            byte[] file = file(identity, recipient);
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

    private static byte[] file(KeyIdentity identity, String recipient) throws IOException {
        String comment =
                "# created: %s%n# public key: %s%n"
                        .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), recipient);
        byte[] secret = identity.encode();
        ByteArrayOutputStream file = new ByteArrayOutputStream(256);
        file.write(comment.getBytes(StandardCharsets.US_ASCII));
        file.write(secret);
        file.write('\n');
        Arrays.fill(secret, (byte) 0);
        return file.toByteArray();
    }
}
