package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import services.chorus.seqthink.age.AgeStream;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.Reply;
import services.chorus.seqthink.protocol.Binding;

/** Opens standard input to standard output; a reply only when it answers the request sent. */
@Command(
        name = "open",
        description = {
            "Open standard input to standard output.",
            "With --binding nothing is written unless it is the reply to the request that seal"
                    + " --binding sealed."
        })
final class OpenCommand extends BaseCommand {

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

    /** A gateway that does not know its caller answers in JSON, which is never a sealed file. */
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
