package services.chorus.seqthink.net;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;

/** The variables of outgoing connections. */
public final class HttpVariables {

    private static final String CA = "CA_PATH";

    private HttpVariables() {}

    /** The variables, in the order of the README's table. */
    public static List<Variable> all() {
        return List.of(
                Variable.of(
                        CA,
                        "seqthink.http.ca-path",
                        Form.path(),
                        "PEM file of certificate authorities that are trusted beside the system's,"
                                + " for all that this service calls."));
    }

    /** What keeps outgoing connections from being made; reads the file. */
    public static List<Fault> faults(HttpConfig config) {
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
