package services.chorus.seqthink.cli;

import java.io.PrintStream;
import services.chorus.seqthink.issuer.recovery.Backup;

/** What is in a backup, as far as anyone may know. */
final class BackupSummary {

    private BackupSummary() {}

    static void print(Backup backup, PrintStream out) {
        out.println("made: " + backup.madeAt());
        backup.issuer().ifPresent(url -> out.println("issuer: " + url));
        backup.keys().kids().forEach(kid -> out.println("key: " + kid));
        backup.clients()
                .clients()
                .forEach(
                        client ->
                                out.printf(
                                        "client: %s%s%n",
                                        client.clientId(), client.disabled() ? " (disabled)" : ""));
        out.println("revoked tokens: " + backup.revoked().revoked().size());
    }
}
