package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import services.chorus.seqthink.net.CertificateAuthorities;

/** Whom a command trusts to vouch for whom it calls. */
final class TrustOptions {

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description =
                    "Certificate authorities, PEM, that are trusted beside the system's for this"
                            + " call.")
    Path file;

    CertificateAuthorities authorities() throws CommandFailed {
        try {
            return CertificateAuthorities.systemAnd(Optional.ofNullable(file));
        } catch (IOException e) {
            throw new CommandFailed(
                    file + " cannot be used: give --cacert a PEM file of certificates");
        }
    }
}
