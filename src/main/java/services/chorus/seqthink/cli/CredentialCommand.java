package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.ClientSecret;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Clients.NewCredential;
import services.chorus.seqthink.issuer.clients.PublicKeys;
import services.chorus.seqthink.issuer.clients.Registration;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;

/**
 * A command that gives a client a credential. A generated one is printed once, or written to a
 * file; if it cannot be registered, the file is removed.
 */
abstract class CredentialCommand extends ClientCommand.OneClient {

    @ArgGroup Kind kind;

    static final class Kind {

        @Option(
                names = "--public-key",
                paramLabel = "FILE",
                description = {
                    "The client's own public keys: a JWK or a JWK set (Ed25519, EC, or RSA of 2048"
                            + " bits or more)."
                })
        Path publicKey;

        @Option(
                names = "--key-out",
                paramLabel = "FILE",
                description =
                        "Make a key pair and write the private key to this new file instead of"
                                + " printing it.")
        Path keyOut;

        @Option(names = "--secret", description = "Make a secret and print it.")
        boolean secret;

        @Option(
                names = "--secret-file",
                paramLabel = "FILE",
                description =
                        "A secret of your own with 32 characters or more; - for standard input.")
        Path secretFile;
    }

    abstract void register(Clients clients, NewCredential credential);

    /** Whether to make a secret rather than a key pair when no option is given. */
    boolean prefersSecret(Clients clients) {
        return false;
    }

    @Override
    public final Integer call() throws IOException, CommandFailed {
        Clients clients = open().clients();
        if (kind == null) {
            kind = new Kind();
            kind.secret = prefersSecret(clients);
        }
        if (kind.publicKey != null) {
            PublicKeys keys = publicKeys(kind.publicKey);
            give(clients, keys);
            keys.thumbprints().forEach(print -> out().println("key_thumbprint=" + print));
        } else if (kind.secretFile != null) {
            warnOfAccess(kind.secretFile);
            try (ClientSecret secret =
                    ClientSecret.of(PrivateFile.readSecret(kind.secretFile, context().in()))) {
                give(clients, secret);
            }
        } else if (kind.secret) {
            try (ClientSecret secret = ClientSecret.random()) {
                give(clients, secret);
                print("client_secret=", secret.reveal(), System.lineSeparator());
            }
        } else {
            giveKey(clients);
        }
        out().flush();
        return ExitCode.OK;
    }

    private static PublicKeys publicKeys(Path file) throws IOException, CommandFailed {
        try {
            return PublicKeys.parse(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(file + ": " + e.getMessage());
        }
    }

    private void give(Clients clients, NewCredential credential) {
        register(clients, credential);
        out().println("client_id=" + id);
    }

    private void giveKey(Clients clients) throws IOException {
        try (Ed25519Key key = Ed25519Key.generate()) {
            PublicKeys keys = PublicKeys.parse(StrictJson.write(key.publicKey().json()));
            if (kind.keyOut == null) {
                give(clients, keys);
                print("client_key=", key.encode(), "");
                return;
            }
            // the key is on disk before the client is registered, and removed if that fails
            write(key);
            try {
                give(clients, keys);
            } catch (RuntimeException e) {
                Files.deleteIfExists(kind.keyOut);
                throw e;
            }
            out().println("key_thumbprint=" + key.fingerprint());
        }
    }

    private void write(Ed25519Key key) throws IOException {
        byte[] jwk = key.encode();
        try {
            PrivateFile.write(kind.keyOut, jwk);
        } finally {
            Arrays.fill(jwk, (byte) 0);
        }
    }

    /** Wipes the secret. */
    private void print(String name, byte[] secret, String end) throws IOException {
        out().write(name.getBytes(US_ASCII));
        out().write(secret);
        out().write(end.getBytes(US_ASCII));
        Arrays.fill(secret, (byte) 0);
    }

    @Command(
            name = "add",
            description = {
                "Register a client. By default this makes a key pair and prints the private key once;"
                        + " the client authenticates with it (private_key_jwt).",
                "The issuer keeps only the public key, or the hash of a secret. A running issuer"
                        + " loads the new client within seconds."
            })
    static final class Add extends CredentialCommand {

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                split = ",",
                defaultValue = "sequentialthinking.run",
                description =
                        "A scope that it may request; may be repeated (default: ${DEFAULT-VALUE}).")
        List<String> scopes;

        @Option(
                names = "--age-recipient",
                paramLabel = "AGE1...",
                description = "The only recipient that replies to this client are sealed to.")
        Optional<String> ageRecipient;

        @Option(
                names = "--require-dpop",
                description = "Give it only tokens that are bound to a key (DPoP).")
        boolean requireDpop;

        @Option(
                names = "--introspect",
                description = "Let it introspect the tokens of all clients, not only its own.")
        boolean introspect;

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "When it expires, such as 2027-01-31T00:00:00Z (default: never).")
        Optional<Instant> expires;

        @Override
        void register(Clients clients, NewCredential credential) {
            if (expires.filter(time -> !time.isAfter(CLOCK.instant())).isPresent()) {
                throw misuse("--expires must be a time in the future");
            }
            clients.add(
                    new Registration(
                            id,
                            new LinkedHashSet<>(scopes),
                            ageRecipient,
                            expires,
                            requireDpop,
                            introspect),
                    credential);
        }
    }

    @Command(
            name = "rotate-secret",
            description = {
                "Replace a client's secret or key, by default with one of the same kind.",
                "The old one stops working at once, or later with --keep-old."
            })
    static final class Rotate extends CredentialCommand {

        @Option(
                names = "--keep-old",
                paramLabel = "DURATION",
                defaultValue = "0s",
                description =
                        "How long the old one still works, such as 24h; 30d at most (default:"
                                + " ${DEFAULT-VALUE}).")
        Duration keepOld;

        @Override
        boolean prefersSecret(Clients clients) {
            return clients.find(id).filter(Client::hasSecret).isPresent();
        }

        @Override
        void register(Clients clients, NewCredential credential) {
            clients.rotate(id, credential, keepOld);
            err().println(
                            clients.find(id)
                                    .flatMap(Client::formerUntil)
                                    .map(until -> "the old one works until " + until)
                                    .orElse("the old one no longer works"));
        }
    }
}
