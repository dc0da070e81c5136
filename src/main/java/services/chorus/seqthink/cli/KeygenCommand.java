package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.X25519Identity;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.sealing.FiledIdentity;
import services.chorus.seqthink.signing.Ed25519Key;

@Command(
        name = "keygen",
        description = {
            "Make an age identity and print its recipient.",
            "With -o the identity goes to a new file that only its owner can read, and the recipient"
                    + " to standard output. Without -o the identity goes to standard output and the"
                    + " recipient to standard error.",
            "With --door, --dpop or --audit: make a signing key and print its fingerprint or public"
                    + " key instead."
        })
final class KeygenCommand extends BaseCommand {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The new file to write the secret to.")
    Path output;

    @ArgGroup Kind kind = new Kind();

    static final class Kind {

        @Option(
                names = "--pq",
                description =
                        "Make a post-quantum identity (mlkem768x25519); callers need age 1.3 or"
                                + " newer.")
        boolean postQuantum;

        @Option(
                names = "--door",
                description =
                        "Make the door key, which signs a gateway's recipients (DOOR_KEY_PATH).")
        boolean door;

        @Option(
                names = "--dpop",
                description =
                        "Make a key to bind tokens to, for token, call and follow; prints the"
                                + " token's cnf.jkt.")
        boolean dpop;

        @Option(
                names = "--audit",
                description =
                        "Make the key that signs an audit log's checkpoints (AUDIT_KEY_PATH); prints"
                                + " its public key.")
        boolean audit;

        boolean signs() {
            return door || dpop || audit;
        }
    }

    @Override
    public Integer call() throws IOException {
        if (kind.signs()) {
            try (Ed25519Key key = Ed25519Key.generate()) {
                write(key.encode(), kind.audit ? key.publicKey().x() : key.fingerprint());
            }
        } else {
            try (KeyIdentity identity =
                    kind.postQuantum ? HybridIdentity.generate() : X25519Identity.generate()) {
                write(
                        FiledIdentity.made(identity, Instant.now()).write(),
                        identity.recipient().toString());
            }
        }
        return ExitCode.OK;
    }

    /** Wipes the secret. */
    private void write(byte[] secret, String printed) throws IOException {
        try {
            if (output == null) {
                out().write(secret);
                out().flush();
                err().println(printed);
            } else {
                PrivateFile.write(output, secret);
                out().println(printed);
            }
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
