package services.chorus.seqthink.net;

import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.files.FileFault;

/** The settings of outgoing connections. */
@ConfigMapping(prefix = "seqthink.http")
public interface HttpConfig {

    String CA = "CA_PATH";

    Section SECTION =
            Section.of(HttpConfig.class, "http")
                    .add(CA, "ca-path", Form.path())
                    .meaning(
                            "PEM file of certificate authorities to trust for outgoing "
                                    + "connections in addition to the system's.");

    Optional<Path> caPath();

    /** Why outgoing connections cannot be made; reads the file. */
    static List<Fault> faults(HttpConfig config) {
        try {
            CertificateAuthorities.systemAnd(config.caPath());
            return List.of();
        } catch (FileSystemException e) {
            return List.of(FileFault.unread(CA, e));
        } catch (IOException e) {
            return List.of(
                    new Fault(
                            CA,
                            "names a file that cannot be read or does not consist of certificates in"
                                    + " PEM",
                            "set it to a readable file of certificates only"));
        }
    }
}
