package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.X25519Identity;
import services.chorus.seqthink.sealing.FiledIdentity;
import services.chorus.seqthink.signing.Ed25519Key;

/**
 * Makes an age identity, in the form that {@code age-keygen} writes, or the key that a door signs
 * its recipients with.
 */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Make an age identity and print its recipient.",
            "With -o the identity goes to a new file that only its owner reads, and the recipient"
                    + " to standard output; without, the identity goes to standard output and the"
                    + " recipient to standard error.",
            "With --door it is a door key, and its fingerprint, instead."
        })
final class KeygenCommand implements Callable<Integer> {

    @ParentCommand RootCommand root;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the secret goes; never overwritten.")
    Path output;

    @Option(
            names = "--pq",
            description =
                    "A post-quantum identity (mlkem768x25519), for callers with age 1.3 or newer.")
    boolean postQuantum;

    @Option(
            names = "--door",
            description = "Make the key that a door signs its recipients with (DOOR_KEY_PATH).")
    boolean door;

    @Spec CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (door && postQuantum) {
            throw new ParameterException(
                    spec.commandLine(), "--door and --pq exclude each other: make one key a time");
        }
        if (door) {
            try (Ed25519Key key = Ed25519Key.generate()) {
                write(key.encode(), key.fingerprint());
            }
        } else {
            try (KeyIdentity identity =
                    postQuantum ? HybridIdentity.generate() : X25519Identity.generate()) {
                write(
                        FiledIdentity.made(identity, Instant.now()).write(),
                        identity.recipient().toString());
            }
        }
        return ExitCode.OK;
    }

    /** Wipes the secret. */
    private void write(byte[] secret, String toTellOthers) throws IOException {
        try {
            if (output == null) {
                root.surroundings().out().write(secret);
                root.surroundings().out().flush();
                root.surroundings().err().println(toTellOthers);
            } else {
                try (OutputStream out = PrivateFile.create(output)) {
                    out.write(secret);
                }
                root.surroundings().out().println(toTellOthers);
            }
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
