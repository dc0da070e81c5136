package services.chorus.seqthink.tls;

import java.io.IOException;
import java.nio.file.Path;
import services.chorus.seqthink.files.FileFault;
import services.chorus.seqthink.files.Glimpse;
import services.chorus.seqthink.files.Sighting;

/** Where the certificate and its key are on disk; may be one file. */
record PairFiles(Path certificate, Path key) {

    /** Looks at both files. */
    Found look() {
        return new Found(Glimpse.of(certificate), Glimpse.of(key));
    }

    /** The files at one moment; wiped when closed. */
    record Found(Glimpse certificate, Glimpse key) implements Sighting {

        @Override
        public String mark() {
            return certificate.mark() + " " + key.mark();
        }

        CertificatePair pair() throws UnusablePairException {
            return CertificatePair.parse(
                    content(TlsConfig.CERTIFICATE, certificate), content(TlsConfig.KEY, key));
        }

        private static byte[] content(String variable, Glimpse file) throws UnusablePairException {
            try {
                return file.content();
            } catch (IOException e) {
                throw new UnusablePairException(FileFault.unread(variable, e));
            }
        }

        @Override
        public void close() {
            certificate.close();
            key.close();
        }
    }
}
