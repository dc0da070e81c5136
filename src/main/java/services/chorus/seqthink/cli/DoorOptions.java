package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.client.Addressee;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.DoorClient;
import services.chorus.seqthink.client.GivenRecipients;
import services.chorus.seqthink.client.Introduction;
import services.chorus.seqthink.client.KnownDoors;
import services.chorus.seqthink.client.VouchingDoor;

/** How a command gets to know whom a door says to seal to. */
final class DoorOptions {

    @ArgGroup Trust trust = new Trust();

    @Option(
            names = "--known-doors",
            paramLabel = "FILE",
            description =
                    "Where known doors are kept (default: seqthink/known-doors.json in"
                            + " $XDG_CONFIG_HOME or ~/.config).")
    Path file;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    /** Why a door's key is believed that is not known yet. */
    static final class Trust {

        @Option(
                names = "--door",
                paramLabel = "FINGERPRINT",
                description = "Ask the door whom to seal to; its key has this fingerprint.")
        String fingerprint;

        @Option(
                names = "--trust-first-use",
                description = "Ask the door whom to seal to, and take its key on trust this once.")
        boolean firstUse;

        Introduction introduction() {
            if (fingerprint != null) {
                return new Introduction.Told(fingerprint);
            }
            return firstUse ? new Introduction.FirstMeeting() : new Introduction.None();
        }
    }

    /**
     * Whom to seal to: recipients given by hand, else what the door says of itself.
     *
     * @throws CommandFailed when what the door says is not believed, or cannot be had
     */
    Addressee addressee(RecipientOptions byHand, DoorClient client, Map<String, String> environment)
            throws IOException, InterruptedException, CommandFailed, CallFailed {
        Introduction introduction = trust.introduction();
        boolean introduced = !(introduction instanceof Introduction.None);
        if (byHand.given()) {
            if (introduced) {
                throw new ParameterException(
                        command.commandLine(),
                        "Give recipients, or let the door say them, but not both");
            }
            return new GivenRecipients(byHand.all());
        }
        KnownDoors doors =
                new KnownDoors(
                        Optional.ofNullable(file).orElseGet(() -> usual(environment)),
                        InstantSource.system());
        if (!introduced && doors.find(client.url()).isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "Say whom to seal to: with --door and the fingerprint of the door's key, or"
                            + " with --recipient or -R");
        }
        return VouchingDoor.find(client, doors, introduction);
    }

    // XDG Base Directory Specification: a relative path is to be ignored
    private static Path usual(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".config"))
                .resolve("seqthink")
                .resolve("known-doors.json");
    }
}
