package services.chorus.seqthink.net;

import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;

/** The settings of outgoing connections. */
@ConfigMapping(prefix = "seqthink.http")
public interface HttpConfig {

    String CA = "CA_PATH";

    Section SECTION =
            Section.of(HttpConfig.class, "http")
                    .add(CA, "ca-path", Form.path())
                    .meaning(
                            "PEM file of certificate authorities that are trusted beside the"
                                    + " system's, for all that this service calls.");

    Optional<Path> caPath();

    /** What keeps outgoing connections from being made; reads the file. */
    static List<Fault> faults(HttpConfig config) {
        try {
            CertificateAuthorities.systemAnd(config.caPath());
            return List.of();
        } catch (NoSuchFileException e) {
            return List.of(
                    new Fault(CA, "names a file that is not there", "set it to one that is"));
        } catch (IOException e) {
            return List.of(
                    new Fault(
                            CA,
                            "names a file that is no list of certificates in PEM, or that cannot be"
                                    + " read",
                            "set it to one that this process's user can read"));
        }
    }
}
