package services.chorus.seqthink.age;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The start of a new file under a new file key.
 *
 * @param bytes header and payload nonce
 * @param payload seals what follows
 */
record Preamble(byte[] bytes, Payload payload) {

    /** For one to twenty recipients of one kind. */
    static Preamble to(List<? extends Recipient> recipients) throws AgeException {
        checkKinds(recipients);
        SecureRandom random = new SecureRandom();
        try (FileKey fileKey = FileKey.generate(random)) {
            List<Stanza> stanzas = new ArrayList<>(recipients.size());
            for (Recipient recipient : recipients) {
                stanzas.add(recipient.wrap(fileKey, random));
            }
            byte[] header = Header.encode(stanzas, fileKey);
            if (header.length > Header.MAX_SIZE) {
                throw tooMany();
            }
            byte[] nonce = new byte[FileKey.NONCE_SIZE];
            random.nextBytes(nonce);
            return new Preamble(concat(header, nonce), new Payload(fileKey.payloadCipher(nonce)));
        }
    }

    private static void checkKinds(List<? extends Recipient> recipients) throws AgeException {
        if (recipients.isEmpty()) {
            throw AgeException.sealing("There is nobody to seal to: give a recipient");
        }
        if (recipients.size() > Header.MAX_STANZAS) {
            throw tooMany();
        }
        Set<Recipient.Kind> kinds = EnumSet.noneOf(Recipient.Kind.class);
        recipients.forEach(recipient -> kinds.add(recipient.kind()));
        if (kinds.contains(Recipient.Kind.PASSPHRASE) && recipients.size() > 1) {
            throw AgeException.sealing("A passphrase cannot share a file: seal one for it alone");
        }
        if (kinds.size() > 1) {
            throw AgeException.sealing(
                    "Post-quantum and other recipients cannot share a file: seal one for each");
        }
    }

    private static AgeException tooMany() {
        return AgeException.sealing("These are too many recipients for one file");
    }

    private static byte[] concat(byte[] header, byte[] nonce) {
        byte[] both = Arrays.copyOf(header, header.length + nonce.length);
        System.arraycopy(nonce, 0, both, header.length, nonce.length);
        return both;
    }
}
