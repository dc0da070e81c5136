package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import services.chorus.seqthink.age.AgeStream;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.OutgoingRequest;
import services.chorus.seqthink.client.OutgoingRequest.Addressing;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;

/** Seals standard input to standard output, inside an envelope where one is asked for. */
@Command(
        name = "seal",
        description = {
            "Seal standard input to standard output.",
            "With --to the input is a JSON object, and the envelope that a sealed route wants is"
                    + " added to it."
        })
final class SealCommand extends BaseCommand {

    @Mixin RecipientOptions recipients;

    @ArgGroup(exclusive = false)
    Envelope envelope;

    @Option(
            names = {"-a", "--armor"},
            description = "Write ASCII armor instead of bytes.")
    boolean armor;

    /** What the envelope needs. */
    static final class Envelope {

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
        Optional<String> replyTo;

        @Option(
                names = "--session",
                paramLabel = "NAME",
                description = "Keep a history of its own under this name.")
        Optional<String> session;

        @Option(
                names = "--binding",
                paramLabel = "FILE",
                description = "Write what the reply must carry to this file, for open --binding.")
        Optional<Path> binding;

        Addressing addressing() throws IOException, CallFailed {
            Optional<KeyRecipient> key =
                    replyTo.isPresent()
                            ? Optional.of(KeyRecipient.parse(replyTo.get()))
                            : Optional.empty();
            return new Addressing(Credentials.readToken(tokenFile), to, key, session);
        }
    }

    @Override
    public Integer call() throws IOException, CommandFailed, CallFailed {
        Encoding encoding = armor ? Encoding.ARMORED : Encoding.BINARY;
        if (envelope == null) {
            AgeStream.seal(context().in(), out(), recipients.all(), encoding);
        } else {
            out().write(enveloped(encoding));
            out().flush();
        }
        return ExitCode.OK;
    }

    private byte[] enveloped(Encoding encoding) throws IOException, CommandFailed, CallFailed {
        Optional<ObjectNode> message = StrictJson.parseObject(context().in().readAllBytes());
        if (message.isEmpty()) {
            throw new CommandFailed("The request is no JSON object");
        }
        OutgoingRequest request =
                OutgoingRequest.seal(
                        message.get(),
                        envelope.addressing(),
                        recipients.all(),
                        encoding,
                        Instant.now());
        if (envelope.binding.isPresent()) {
            write(envelope.binding.get(), request.binding());
        }
        return request.sealed();
    }

    /** The request's id and hash, a line each, as {@link OpenCommand} reads them. */
    private static void write(Path file, Binding binding) throws IOException {
        Files.deleteIfExists(file);
        try (OutputStream out = PrivateFile.create(file)) {
            String lines = binding.requestId() + "\n" + binding.requestHash() + "\n";
            out.write(lines.getBytes(US_ASCII));
        }
    }
}
