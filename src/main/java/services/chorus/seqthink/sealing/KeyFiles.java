package services.chorus.seqthink.sealing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.files.Glimpse;
import services.chorus.seqthink.files.Sighting;

/** Where the keys are on disk. */
record KeyFiles(Path identities, Optional<Path> recipients) {

    /** Looks at both files. */
    Found look() {
        return new Found(Glimpse.of(identities), recipients.map(Glimpse::of));
    }

    /** The files at one moment; wiped when closed. */
    record Found(Glimpse identities, Optional<Glimpse> recipients) implements Sighting {

        @Override
        public String mark() {
            return identities.mark() + " " + recipients.map(Glimpse::mark).orElse("");
        }

        /** The keys in the files, for the caller to close. */
        Keyring keyring() throws FaultyFileException {
            List<KeyRecipient> bare = recipients.isPresent() ? read(recipients.get()) : List.of();
            try {
                IdentitiesFile file = IdentitiesFile.read(identities.content());
                return new Keyring(
                        file.version(), file.current().created(), file.identities(), bare);
            } catch (IOException e) {
                throw new FaultyFileException(SealingCheck.broken(SealingConfig.IDENTITIES, e));
            }
        }

        private static List<KeyRecipient> read(Glimpse recipients) throws FaultyFileException {
            try {
                return Keyring.readRecipients(recipients.content());
            } catch (IOException e) {
                throw new FaultyFileException(SealingCheck.broken(SealingConfig.RECIPIENTS, e));
            }
        }

        @Override
        public void close() {
            identities.close();
            recipients.ifPresent(Glimpse::close);
        }
    }
}
