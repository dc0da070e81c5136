package services.chorus.seqthink.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import services.chorus.seqthink.age.AgeStream;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.client.IncomingReply;

/** Opens standard input to standard output; a reply only when it answers the request sent. */
@Command(
        name = "open",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Open standard input to standard output.",
            "With --binding nothing is written unless it is the reply to the request that seal"
                    + " --binding sealed."
        })
final class OpenCommand implements Callable<Integer> {

    @ParentCommand RootCommand root;

    @Mixin IdentityOptions identities;

    @Option(
            names = "--binding",
            paramLabel = "FILE",
            description = "What the reply must carry, as seal --binding wrote it.")
    Path binding;

    @Override
    public Integer call() throws IOException, CommandFailed {
        InputStream in = sealed(root.surroundings().in());
        PrintStream out = root.surroundings().out();
        if (binding == null) {
            AgeStream.open(in, out, identities.all());
            return ExitCode.OK;
        }
        ByteArrayOutputStream opened = new ByteArrayOutputStream();
        AgeStream.open(in, opened, identities.all());
        return switch (IncomingReply.of(opened.toByteArray(), BindingFile.read(binding))) {
            case IncomingReply.Foreign(String why) ->
                    throw new CommandFailed(why + "; nothing of it was written");
            case IncomingReply.Genuine genuine -> {
                opened.writeTo(out);
                out.println();
                yield genuine.status() < 400 ? ExitCode.OK : ExitCode.SOFTWARE;
            }
        };
    }

    /** A door that does not know its caller answers in JSON, which is never a sealed file. */
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
}
