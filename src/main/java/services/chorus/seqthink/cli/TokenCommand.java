package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.ClientProof;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.KeyProof;
import services.chorus.seqthink.client.SecretProof;
import services.chorus.seqthink.client.TokenAnswer;
import services.chorus.seqthink.client.TokenClient;
import services.chorus.seqthink.signing.Ed25519Key;

/** Fetches an access token, for a door or for whatever else takes it. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Ask an issuer for an access token and print it, and nothing else.",
            "The issuer says at its URL where and how it is asked (RFC 8414); any that has the"
                    + " client credentials grant will do."
        })
final class TokenCommand implements Callable<Integer> {

    private static final InstantSource CLOCK = InstantSource.system();

    @ParentCommand RootCommand root;

    @Spec CommandSpec spec;

    @Option(
            names = "--issuer",
            required = true,
            paramLabel = "URL",
            description = "The issuer's URL, exactly as tokens have it in iss.")
    String issuer;

    @Option(
            names = "--client-id",
            required = true,
            paramLabel = "ID",
            description = "Who asks, as client add registered it.")
    String clientId;

    @ArgGroup(multiplicity = "1")
    Proof proof;

    @Option(
            names = "--dpop-key",
            paramLabel = "FILE",
            description = "Have the token bound to this key, as keygen --dpop writes it.")
    Path dpopKey;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description =
                    "What the token shall be good for, separated by spaces (default: all that the"
                            + " client may have).")
    String scope;

    @Option(
            names = "--age-recipient",
            paramLabel = "AGE1...",
            description = "Whom replies under this token are sealed to; with --client-key.")
    String ageRecipient;

    @Mixin TrustOptions trust;

    /** How the client proves itself. */
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
    public Integer call() throws IOException, InterruptedException, CommandFailed, CallFailed {
        TokenClient tokens = new TokenClient(trust.authorities(), CLOCK);
        Optional<Ed25519Key> key =
                dpopKey == null ? Optional.empty() : Optional.of(Credentials.key(dpopKey));
        try (ClientProof client = client()) {
            TokenAnswer answer =
                    tokens.ask(tokens.discover(issuer), client, key, Optional.ofNullable(scope));
            String token = answer.token(client.kind(), key.isPresent());
            if (scope != null && !answer.withheld(scope).isEmpty()) {
                root.surroundings()
                        .err()
                        .println("not granted: " + String.join(" ", answer.withheld(scope)));
            }
            root.surroundings().out().println(token);
            return ExitCode.OK;
        } finally {
            key.ifPresent(Ed25519Key::close);
        }
    }

    private ClientProof client() throws IOException, CommandFailed, CallFailed {
        if (proof.key != null) {
            Optional<KeyRecipient> reader =
                    ageRecipient == null
                            ? Optional.empty()
                            : Optional.of(KeyRecipient.parse(ageRecipient));
            return KeyProof.read(clientId, proof.key, reader, CLOCK);
        }
        if (ageRecipient != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--age-recipient goes where the client's key signs it: give --client-key");
        }
        return SecretProof.read(clientId, proof.secret, root.surroundings().in());
    }
}
