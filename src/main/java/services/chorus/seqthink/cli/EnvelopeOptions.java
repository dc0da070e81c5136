package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.OutgoingRequest.Addressing;

/** What {@code seal} needs to write an envelope. */
public final class EnvelopeOptions {

    @Option(
            names = "--to",
            required = true,
            paramLabel = "URL",
            description = "Add an envelope for this route, such as https://host/mcp/tool.")
    String to;

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "FILE",
            description = "The access token that is sent along.")
    Path tokenFile;

    @Option(
            names = "--reply-to",
            paramLabel = "AGE1...",
            description = "Whom the reply is for; may be left out where the token names it.")
    String replyTo;

    @Option(
            names = "--session",
            paramLabel = "NAME",
            description = "Keep a history of its own under this name.")
    String session;

    @Option(
            names = "--binding",
            paramLabel = "FILE",
            description = "Write what the reply must carry to this file, for open --binding.")
    Path binding;

    Addressing addressing() throws IOException, CommandFailed, CallFailed {
        Optional<KeyRecipient> key =
                replyTo == null ? Optional.empty() : Optional.of(KeyRecipient.parse(replyTo));
        return new Addressing(
                Credentials.readToken(tokenFile), to, key, Optional.ofNullable(session));
    }
}
