package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.issuer.clients.ClientSecret;
import services.chorus.seqthink.issuer.clients.Clients.NewCredential;
import services.chorus.seqthink.issuer.clients.PublicKeys;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;

/** What a client is to prove itself with. What is made for it is shown once, or put in a file. */
final class CredentialOptions {

    @ArgGroup Kind kind = new Kind();

    /** One of these at most. */
    static final class Kind {

        @Option(
                names = "--public-key",
                paramLabel = "FILE",
                description = {
                    "The client's own public key, or several: a JWK or JWK set (Ed25519, EC, or RSA"
                            + " of 2048 bits or more). The private half stays where it was made."
                })
        Path publicKey;

        @Option(
                names = "--key-out",
                paramLabel = "FILE",
                description =
                        "Make a key pair; the private half goes to this file and is not printed."
                                + " Never overwritten.")
        Path keyOut;

        @Option(names = "--secret", description = "Make a secret and print it.")
        boolean secret;

        @Option(
                names = "--secret-file",
                paramLabel = "FILE",
                description =
                        "A secret of your own, of 32 characters or more; - for standard input.")
        Path secretFile;
    }

    /** Whether one of the options was given. */
    boolean given() {
        return kind.publicKey != null
                || kind.keyOut != null
                || kind.secret
                || kind.secretFile != null;
    }

    /** Has a secret made where no option says otherwise; a key pair without this. */
    void preferSecret() {
        kind.secret = !given();
    }

    /**
     * Makes or reads the credential, registers it, and prints what the client needs of it. Where it
     * cannot be registered nothing is left of it.
     */
    void give(CommandContext context, Consumer<NewCredential> register)
            throws IOException, CommandFailed {
        PrintStream out = context.out();
        if (kind.publicKey != null) {
            PublicKeys keys = PublicKeys.parse(Files.readAllBytes(kind.publicKey));
            register.accept(keys);
            keys.thumbprints().forEach(print -> out.println("key_thumbprint=" + print));
        } else if (kind.secretFile != null) {
            try (ClientSecret secret =
                    ClientSecret.of(PrivateFile.readSecret(kind.secretFile, context.in()))) {
                register.accept(secret);
            }
        } else if (kind.secret) {
            try (ClientSecret secret = ClientSecret.random()) {
                register.accept(secret);
                print(out, "client_secret=", secret.reveal(), System.lineSeparator());
            }
        } else {
            giveKey(out, register);
        }
        out.flush();
    }

    private void giveKey(PrintStream out, Consumer<NewCredential> register) throws IOException {
        try (Ed25519Key key = Ed25519Key.generate()) {
            PublicKeys keys = PublicKeys.parse(StrictJson.write(key.publicKey().json()));
            if (kind.keyOut == null) {
                register.accept(keys);
                print(out, "client_key=", key.encode(), "");
            } else {
                file(key, () -> register.accept(keys));
                out.println("key_thumbprint=" + key.fingerprint());
            }
        }
    }

    /** The key is on disk before anybody may need it, and stays once anybody may. */
    private void file(Ed25519Key key, Runnable register) throws IOException {
        byte[] jwk = key.encode();
        try {
            PrivateFile.write(kind.keyOut, jwk);
        } finally {
            Arrays.fill(jwk, (byte) 0);
        }
        try {
            register.run();
        } catch (RuntimeException e) {
            Files.deleteIfExists(kind.keyOut);
            throw e;
        }
    }

    /** Wipes the secret. */
    private static void print(PrintStream out, String name, byte[] secret, String end)
            throws IOException {
        out.write(name.getBytes(US_ASCII));
        out.write(secret);
        out.write(end.getBytes(US_ASCII));
        Arrays.fill(secret, (byte) 0);
    }
}
