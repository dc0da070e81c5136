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
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeStream;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
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
            "With --to the input is a JSON object, to which the envelope for a sealed route is"
                    + " added."
        })
final class SealCommand extends BaseCommand {

    @Mixin RecipientOptions recipients;

    @ArgGroup(exclusive = false)
    Envelope envelope;

    @Option(
            names = {"-a", "--armor"},
            description = "Write ASCII armor instead of binary.")
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
                description = "A file that holds the access token that you send with the request.")
        Path tokenFile;

        @Option(
                names = "--reply-to",
                paramLabel = "AGE1...",
                description = "Your recipient, for the reply; not needed if the token names it.")
        Optional<String> replyTo;

        @Option(
                names = "--session",
                paramLabel = "NAME",
                description = "Use the history of this name (default: default).")
        Optional<String> session;

        @Option(
                names = "--binding",
                paramLabel = "FILE",
                description = "Write to this file what open --binding needs to verify the reply.")
        Optional<Path> binding;

        Addressing addressing() throws IOException {
            Optional<KeyRecipient> key = KeyFiles.recipient("--reply-to", replyTo);
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
            throw new CommandFailed(
                    "standard input is not one JSON object without duplicate keys, as --to needs");
        }
        warnOfAccess(envelope.tokenFile);
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

    /** Writes the request's id and hash on a line each, as {@link Open} reads them. */
    private static void write(Path file, Binding binding) throws IOException {
        String lines = binding.requestId() + "\n" + binding.requestHash() + "\n";
        PrivateFile.replace(file, lines.getBytes(US_ASCII));
    }

    @Command(
            name = "open",
            description = {
                "Open standard input to standard output.",
                "With --binding it writes nothing unless the input is the reply to the request that"
                        + " seal --binding sealed."
            })
    static final class Open extends BaseCommand {

        @Mixin IdentityOptions identities;

        @Option(
                names = "--binding",
                paramLabel = "FILE",
                description = "The file that seal --binding wrote.")
        Optional<Path> binding;

        @Override
        public Integer call() throws IOException, CommandFailed {
            InputStream in = sealed(context().in());
            if (binding.isEmpty()) {
                open(in, out());
                return ExitCode.OK;
            }
            ByteArrayOutputStream opened = new ByteArrayOutputStream();
            open(in, opened);
            try {
                Reply reply = Reply.verify(opened.toByteArray(), read(binding.get()));
                opened.writeTo(out());
                out().println();
                return reply.status() < 400 ? ExitCode.OK : ExitCode.SOFTWARE;
            } catch (CallFailed e) {
                throw new CommandFailed(e.getMessage() + "; nothing was written");
            }
        }

        private void open(InputStream in, OutputStream opened) throws IOException {
            List<KeyIdentity> openers = identities.all();
            try {
                AgeStream.open(in, opened, openers);
            } catch (AgeException e) {
                throw new IOException("standard input cannot be opened: " + e.getMessage());
            }
        }

        /** Recognizes JSON: the gateway's errors outside a seal. */
        private static InputStream sealed(InputStream given) throws IOException, CommandFailed {
            InputStream in = new BufferedInputStream(given);
            in.mark(1);
            if (in.read() == '{') {
                throw new CommandFailed(
                        "standard input is not sealed but JSON, probably a gateway's error: read it"
                                + " without open");
            }
            in.reset();
            return in;
        }

        private static Binding read(Path file) throws IOException, CommandFailed {
            List<String> lines = Files.readAllLines(file, US_ASCII);
            if (lines.size() != 2) {
                throw new CommandFailed(file + " is not a file that seal --binding wrote");
            }
            return new Binding(lines.get(0), lines.get(1));
        }
    }
}
