package services.chorus.seqthink.age;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Seals and opens files of the <a href="https://c2sp.org/age">age v1</a> format that fit into
 * memory. Safe for several threads. {@link AgeStream} does the same for files of any size.
 *
 * <p>age authenticates nobody: that a file opens says nothing about who sealed it.
 */
public final class AgeFile {

    private AgeFile() {}

    /**
     * Seals to all of the recipients.
     *
     * @param plaintext stays the caller's
     * @param recipients one to twenty; post-quantum ones not together with others
     * @throws AgeException when there are none, too many or a mixed lot of recipients, or when the
     *     sealed file would not fit into an array
     */
    public static byte[] seal(
            byte[] plaintext, List<? extends Recipient> recipients, Encoding encoding)
            throws AgeException {
        Preamble preamble = Preamble.to(recipients);
        int start = preamble.bytes().length;
        long length = start + Payload.sealedLength(plaintext.length);
        if (length > Armor.MAX_BINARY_SIZE) {
            throw AgeException.sealing("The plaintext is too long to be sealed in memory");
        }
        byte[] sealed = Arrays.copyOf(preamble.bytes(), (int) length);
        preamble.payload().seal(plaintext, sealed, start);
        return switch (encoding) {
            case BINARY -> sealed;
            case ARMORED -> Armor.armor(sealed);
        };
    }

    /**
     * Opens a file, binary or armored. Throws nothing for any content: form, limits (header of 16
     * KiB, 20 stanzas of 8 arguments) and length are checked before any public-key work, every
     * identity meets every stanza once at most, and no plaintext leaves unless all of it verified.
     *
     * @param sealed stays the caller's
     * @param identities tried in this order
     * @param maxPlaintextBytes the longest plaintext wanted
     */
    public static Opened open(
            byte[] sealed, List<? extends Identity> identities, int maxPlaintextBytes) {
        try {
            byte[] binary = Armor.isArmored(sealed) ? Armor.dearmor(sealed) : sealed;
            return openBinary(binary, identities, maxPlaintextBytes);
        } catch (AgeException e) {
            return switch (e.kind()) {
                case NO_MATCH -> new Opened.NoIdentityMatched();
                case ARMOR, HEADER, MAC, PAYLOAD, KEY, SEALING ->
                        new Opened.Malformed(e.getMessage());
            };
        }
    }

    private static Opened openBinary(
            byte[] sealed, List<? extends Identity> identities, int maxPlaintextBytes)
            throws AgeException {
        Header header = Header.parse(sealed);
        int payloadStart = header.length() + FileKey.NONCE_SIZE;
        if (sealed.length < payloadStart) {
            throw AgeException.header("The file ends before its payload");
        }
        if (Payload.plaintextLength(sealed.length - payloadStart) > maxPlaintextBytes) {
            return new Opened.TooLarge(maxPlaintextBytes);
        }
        Header.Match match = header.match(identities);
        try (FileKey fileKey = match.fileKey()) {
            byte[] nonce = Arrays.copyOfRange(sealed, header.length(), payloadStart);
            Payload payload = new Payload(fileKey.payloadCipher(nonce));
            return new Opened.Plaintext(payload.open(sealed, payloadStart), match.identity());
        }
    }

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
                byte[] bytes = Arrays.copyOf(header, header.length + nonce.length);
                System.arraycopy(nonce, 0, bytes, header.length, nonce.length);
                return new Preamble(bytes, new Payload(fileKey.payloadCipher(nonce)));
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
                throw AgeException.sealing(
                        "A passphrase cannot share a file: seal one for it alone");
            }
            if (kinds.size() > 1) {
                throw AgeException.sealing(
                        "Post-quantum and other recipients cannot share a file: seal one for each");
            }
        }

        private static AgeException tooMany() {
            return AgeException.sealing("These are too many recipients for one file");
        }
    }
}
