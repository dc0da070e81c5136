package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
import services.chorus.seqthink.client.Reply;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;

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

        Addressing addressing() throws IOException {
            Optional<KeyRecipient> key =
                    replyTo.isPresent()
                            ? Optional.of(KeyRecipient.parse(replyTo.get()))
                            : Optional.empty();
            return new Addressing(Credentials.readToken(tokenFile), to, key, session);
        }
    }

    @Override
    public Integer call() throws IOException, CommandFailed {
        Encoding encoding = armor ? Encoding.ARMORED : Encoding.BINARY;
        if (envelope == null) {
            AgeStream.seal(context().in(), out(), recipients.all(), encoding);
        } else {
            out().write(enveloped(encoding));
            out().flush();
        }
        return ExitCode.OK;
    }

    private byte[] enveloped(Encoding encoding) throws IOException, CommandFailed {
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

    /** The request's id and hash, a line each, as {@link Open} reads them. */
    private static void write(Path file, Binding binding) throws IOException {
        Files.deleteIfExists(file);
        try (OutputStream out = PrivateFile.create(file)) {
            String lines = binding.requestId() + "\n" + binding.requestHash() + "\n";
            out.write(lines.getBytes(US_ASCII));
        }
    }

    @Command(
            name = "open",
            description = {
                "Open standard input to standard output.",
                "With --binding nothing is written unless it is the reply to the request that seal"
                        + " --binding sealed."
            })
    static final class Open extends BaseCommand {

        @Mixin IdentityOptions identities;

        @Option(
                names = "--binding",
                paramLabel = "FILE",
                description = "What the reply must carry, as seal --binding wrote it.")
        Optional<Path> binding;

        @Override
        public Integer call() throws IOException, CommandFailed {
            InputStream in = sealed(context().in());
            if (binding.isEmpty()) {
                AgeStream.open(in, out(), identities.all());
                return ExitCode.OK;
            }
            ByteArrayOutputStream opened = new ByteArrayOutputStream();
            AgeStream.open(in, opened, identities.all());
            try {
                Reply reply = Reply.verify(opened.toByteArray(), read(binding.get()));
                opened.writeTo(out());
                out().println();
                return reply.status() < 400 ? ExitCode.OK : ExitCode.SOFTWARE;
            } catch (CallFailed e) {
                throw new CommandFailed(e.getMessage() + "; nothing of it was written");
            }
        }

        /**
         * A gateway that does not know its caller answers in JSON, which is never a sealed file.
         */
        private static InputStream sealed(InputStream given) throws IOException, CommandFailed {
            InputStream in = new BufferedInputStream(given);
            in.mark(1);
            if (in.read() == '{') {
                throw new CommandFailed(
                        "this is not sealed but JSON, as a door answers whom it turns away: look at it"
                                + " without open");
            }
            in.reset();
            return in;
        }

        private static Binding read(Path file) throws IOException, CommandFailed {
            List<String> lines = Files.readAllLines(file, US_ASCII);
            if (lines.size() != 2) {
                throw new CommandFailed(file + " is not what seal --binding writes");
            }
            return new Binding(lines.get(0), lines.get(1));
        }
    }
}
