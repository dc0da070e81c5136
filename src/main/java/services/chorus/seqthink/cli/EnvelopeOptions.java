package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.sealing.OutgoingRequest.Addressing;

/** What {@code seal} needs to write an envelope. */
final class EnvelopeOptions {

    // RFC 6750 section 2.1, b64token
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

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

    Addressing addressing() throws IOException, CommandFailed {
        Optional<KeyRecipient> key =
                replyTo == null ? Optional.empty() : Optional.of(KeyRecipient.parse(replyTo));
        return new Addressing(readToken(tokenFile), to, key, Optional.ofNullable(session));
    }

    static String readToken(Path file) throws IOException, CommandFailed {
        return token(Files.readAllBytes(file), file.toString());
    }

    /** Reads to the end of a stream. */
    static String readToken(InputStream input) throws IOException, CommandFailed {
        return token(input.readAllBytes(), "standard input");
    }

    /** The text where it has the form of an access token. */
    static Optional<String> accessToken(String text) {
        return Optional.of(text).filter(token -> TOKEN.matcher(token).matches());
    }

    private static String token(byte[] content, String source) throws CommandFailed {
        return accessToken(new String(content, StandardCharsets.ISO_8859_1).strip())
                .orElseThrow(
                        () ->
                                new CommandFailed(
                                        source
                                                + " does not hold one access token and nothing"
                                                + " else"));
    }
}
