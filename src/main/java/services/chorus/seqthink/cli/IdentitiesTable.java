package services.chorus.seqthink.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.sealing.FiledIdentity;
import services.chorus.seqthink.sealing.FiledIdentity.Mark;
import services.chorus.seqthink.sealing.IdentitiesFile;

/** An identities file as operators look at it, without its secrets. */
final class IdentitiesTable {

    private IdentitiesTable() {}

    static void print(IdentitiesFile file, PrintStream out) {
        out.println("version: " + file.version());
        for (FiledIdentity entry : file.entries()) {
            out.printf(
                    "%s  %-8s  since %-20s  created %-20s  %s%n",
                    entry.fingerprint(),
                    state(file, entry),
                    text(entry.mark().map(Mark::since)),
                    text(entry.created()),
                    entry.identity().recipient());
        }
    }

    private static String state(IdentitiesFile file, FiledIdentity entry) {
        return entry == file.current()
                ? "current"
                : entry.mark().map(mark -> mark.standing().word()).orElse("other");
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("-");
    }
}
