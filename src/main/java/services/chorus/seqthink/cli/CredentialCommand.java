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
 * A command that gives a client a credential. One that is made for it is shown once, or put in a
 * file; where it cannot be registered nothing is left of it.
 */
abstract class CredentialCommand extends ClientCommand.OneClient {

    @ArgGroup Kind kind;

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

    abstract void register(Clients clients, NewCredential credential);

    /** Whether a secret is made where no option says otherwise; else it is a key pair. */
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
            PublicKeys keys = PublicKeys.parse(Files.readAllBytes(kind.publicKey));
            give(clients, keys);
            keys.thumbprints().forEach(print -> out().println("key_thumbprint=" + print));
        } else if (kind.secretFile != null) {
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
                "Register a client. It proves itself by a key, whose private half is printed this once"
                        + " (private_key_jwt), unless an option says otherwise.",
                "Of a key only the public half is kept, of a secret only its hash. A running issuer"
                        + " takes the client up within seconds."
            })
    static final class Add extends CredentialCommand {

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                split = ",",
                defaultValue = "sequentialthinking.run",
                description = "A scope it may ask for; several times (default: ${DEFAULT-VALUE}).")
        List<String> scopes;

        @Option(
                names = "--age-recipient",
                paramLabel = "AGE1...",
                description = "Whom replies to this client are sealed to, always.")
        Optional<String> ageRecipient;

        @Option(
                names = "--require-dpop",
                description = "Give it no tokens but those that are bound to a key (DPoP).")
        boolean requireDpop;

        @Option(
                names = "--introspect",
                description = "Let it ask about the tokens of all clients, not only its own.")
        boolean introspect;

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "When it ends, such as 2027-01-31T00:00:00Z.")
        Optional<Instant> expires;

        @Override
        void register(Clients clients, NewCredential credential) {
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
                "Give a client another secret or key, of the kind that it has unless an option says"
                        + " otherwise.",
                "The old one stops at once, or with --keep-old after a while."
            })
    static final class Rotate extends CredentialCommand {

        @Option(
                names = "--keep-old",
                paramLabel = "DURATION",
                defaultValue = "0s",
                description =
                        "How long the old one is taken as well, such as 24h; 30d at most (default:"
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
                                    .map(until -> "the old one is taken until " + until)
                                    .orElse("the old one is refused from now on"));
        }
    }
}
