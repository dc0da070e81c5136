package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.client.ClientProof;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.TokenClient;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.signing.Ed25519Key;

@Command(
        name = "token",
        description = {
            "Get an access token from an issuer and print only that token, or write it to a file.",
            "Works with any issuer that publishes its metadata (RFC 8414) and supports the client"
                    + " credentials grant."
        })
final class TokenCommand extends BaseCommand {

    @Option(
            names = "--issuer",
            required = true,
            paramLabel = "URL",
            description = "The issuer's URL, exactly as in the iss of its tokens.")
    String issuer;

    @Option(
            names = "--client-id",
            required = true,
            paramLabel = "ID",
            description = "The client's id, as registered with client add.")
    String clientId;

    @ArgGroup(multiplicity = "1")
    Proof proof;

    @Option(
            names = "--dpop-key",
            paramLabel = "FILE",
            description = "Bind the token to this key, as keygen --dpop writes it.")
    Optional<Path> dpopKey;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description =
                    "The scopes to request, separated by spaces (default: all that the client may"
                            + " have).")
    Optional<String> scope;

    @Option(
            names = "--age-recipient",
            paramLabel = "AGE1...",
            description = "The recipient of replies to this token; needs --client-key.")
    Optional<String> ageRecipient;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Write the token to this file, which only its owner can read, instead of printing"
                            + " it; replaces the file.")
    Optional<Path> output;

    @Mixin TrustOptions trust;

    static final class Proof {

        @Option(
                names = "--client-key",
                required = true,
                paramLabel = "FILE",
                description = "The client's private key, a JWK as client add makes it.")
        Path key;

        @Option(
                names = "--secret-file",
                required = true,
                paramLabel = "FILE",
                description = "The client's secret; - for standard input.")
        Path secret;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailed {
        TokenClient tokens = new TokenClient(trust.authorities(), InstantSource.system());
        warnOfAccess(proof.key == null ? proof.secret : proof.key);
        dpopKey.ifPresent(this::warnOfAccess);
        Optional<Ed25519Key> key = Credentials.readDpopKey(dpopKey);
        try (ClientProof client = client()) {
            TokenClient.Grant grant = tokens.request(issuer, client, key, scope);
            if (!grant.withheld().isEmpty()) {
                err().println("not granted: " + String.join(" ", grant.withheld()));
            }
            if (output.isPresent()) {
                PrivateFile.replace(output.get(), (grant.token() + "\n").getBytes(US_ASCII));
            } else {
                out().println(grant.token());
            }
            return ExitCode.OK;
        } finally {
            key.ifPresent(Ed25519Key::close);
        }
    }

    private ClientProof client() throws IOException {
        if (proof.key != null) {
            Optional<KeyRecipient> reader = KeyFiles.recipient("--age-recipient", ageRecipient);
            return ClientProof.Key.read(clientId, proof.key, reader);
        }
        if (ageRecipient.isPresent()) {
            throw misuse("--age-recipient needs --client-key, which signs it");
        }
        return ClientProof.Secret.read(clientId, proof.secret, context().in());
    }
}
