package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import services.chorus.seqthink.age.AgeStream;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.OutgoingRequest;

/** Seals standard input to standard output, inside an envelope where one is asked for. */
@Command(
        name = "seal",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Seal standard input to standard output.",
            "With --to the input is a JSON object, and the envelope that a sealed route wants is"
                    + " added to it."
        })
final class SealCommand implements Callable<Integer> {

    @ParentCommand RootCommand root;

    @Mixin RecipientOptions recipients;

    @ArgGroup(exclusive = false)
    EnvelopeOptions envelope;

    @Option(
            names = {"-a", "--armor"},
            description = "Write ASCII armor instead of bytes.")
    boolean armor;

    @Override
    public Integer call() throws IOException, CommandFailed, CallFailed {
        InputStream in = root.surroundings().in();
        PrintStream out = root.surroundings().out();
        Encoding encoding = armor ? Encoding.ARMORED : Encoding.BINARY;
        if (envelope == null) {
            AgeStream.seal(in, out, recipients.all(), encoding);
        } else {
            OutgoingRequest request =
                    OutgoingRequest.seal(
                            in.readAllBytes(),
                            envelope.addressing(),
                            recipients.all(),
                            encoding,
                            Instant.now());
            if (envelope.binding != null) {
                BindingFile.write(envelope.binding, request.binding());
            }
            out.write(request.sealed());
            out.flush();
        }
        return ExitCode.OK;
    }
}
