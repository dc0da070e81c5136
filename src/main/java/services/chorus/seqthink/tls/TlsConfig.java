package services.chorus.seqthink.tls;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.files.FileFault.FaultyFileException;
import services.chorus.seqthink.files.PrivateFile;

/** The settings of TLS in this process. */
@ConfigMapping(prefix = "seqthink.tls")
public interface TlsConfig {

    String CERTIFICATE = "TLS_CERT_PATH";
    String KEY = "TLS_KEY_PATH";

    Section SECTION =
            Section.of(TlsConfig.class, "tls")
                    .add(CERTIFICATE, "cert-path", Form.path())
                    .essential(
                            "PEM file with the server certificate, followed by its intermediate "
                                    + "certificates. With it `PORT` accepts TLS 1.3 only. A changed pair "
                                    + "of files is reloaded within seconds. Unset: no TLS in this "
                                    + "process.")
                    .add(KEY, "key-path", Form.path())
                    .essential(
                            "PEM file with the certificate's private key (RSA, EC or Ed25519, "
                                    + "not encrypted). Mandatory with `TLS_CERT_PATH`.")
                    .add("TLS_REQUIRED", "required", "false", Form.flag())
                    .meaning(
                            "`true` stops the start when `TLS_CERT_PATH` and `TLS_KEY_PATH` are "
                                    + "not set.");

    Optional<Path> certPath();

    Optional<Path> keyPath();

    boolean required();

    /** Whether this process terminates TLS. */
    default boolean isOn() {
        return certPath().isPresent() && keyPath().isPresent();
    }

    /** Checks the settings; reads the files. */
    static List<Fault> faults(TlsConfig config) {
        Optional<Path> certificate = config.certPath();
        Optional<Path> key = config.keyPath();
        if (certificate.isEmpty() && key.isEmpty()) {
            return config.required()
                    ? List.of(unset(CERTIFICATE, "TLS_REQUIRED is true"))
                    : List.of();
        }
        if (!config.isOn()) {
            return List.of(
                    certificate.isEmpty()
                            ? unset(CERTIFICATE, KEY + " is")
                            : unset(KEY, CERTIFICATE + " is"));
        }
        try {
            CertificatePair.read(certificate.get(), key.get());
            return List.of();
        } catch (FaultyFileException e) {
            return List.of(e.fault());
        }
    }

    private static Fault unset(String variable, String although) {
        return new Fault(
                variable,
                "is not set although " + although,
                "set both TLS_CERT_PATH and TLS_KEY_PATH to PEM files");
    }

    /** Warnings about settings that are valid; reads the files. */
    static List<String> warnings(TlsConfig config, Instant now) {
        if (!config.isOn()) {
            return List.of();
        }
        Path key = config.keyPath().orElseThrow();
        try {
            CertificatePair pair = CertificatePair.read(config.certPath().orElseThrow(), key);
            return Stream.of(pair.validityWarning(now), PrivateFile.openToOthers(key))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (FaultyFileException e) {
            return List.of(e.getMessage());
        }
    }
}
