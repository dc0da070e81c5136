package services.chorus.seqthink.age;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Seals and opens files of the <a href="https://c2sp.org/age">age v1</a> format that fit into
 * memory. {@link AgeStream} does the same for files of any size.
 *
 * <p>age does not authenticate the sender: a file that opens may have been sealed by anybody.
 */
public final class AgeFile {

    private AgeFile() {}

    /**
     * Seals to all of the recipients.
     *
     * @param plaintext for the caller to wipe
     * @param recipients one to twenty, all of one kind
     * @throws AgeException when there are no recipients, too many, or recipients of several kinds,
     *     or when the sealed file would not fit into an array
     */
    public static byte[] seal(
            byte[] plaintext, List<? extends Recipient> recipients, Encoding encoding)
            throws AgeException {
        Preamble preamble = Preamble.to(recipients);
        int start = preamble.bytes().length;
        long length = start + Payload.sealedLength(plaintext.length);
        if (length > Armor.MAX_BINARY_SIZE) {
            throw AgeException.sealing("The plaintext is too long to seal in memory");
        }
        byte[] sealed = Arrays.copyOf(preamble.bytes(), (int) length);
        preamble.payload().seal(plaintext, sealed, start);
        return switch (encoding) {
            case BINARY -> sealed;
            case ARMORED -> Armor.armor(sealed);
        };
    }

    /**
     * Opens a file, binary or armored; never throws, whatever its content. The form, the limits (a
     * header of 16 KiB, 20 stanzas of 8 arguments) and the length are checked before any public-key
     * operation, each identity is tried on each stanza at most once, and plaintext is returned only
     * after all of it was verified.
     *
     * @param identities tried in this order
     * @param maxPlaintextBytes the limit above which a file is {@link Opened.TooLarge}
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
            throw AgeException.header("The file is truncated before its payload");
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
     * @param payload seals the plaintext that follows
     */
    record Preamble(byte[] bytes, Payload payload) {

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
                throw AgeException.sealing("There is no recipient to seal to: give at least one");
            }
            if (recipients.size() > Header.MAX_STANZAS) {
                throw tooMany();
            }
            Set<Recipient.Kind> kinds = EnumSet.noneOf(Recipient.Kind.class);
            recipients.forEach(recipient -> kinds.add(recipient.kind()));
            if (kinds.contains(Recipient.Kind.PASSPHRASE) && recipients.size() > 1) {
                throw AgeException.sealing(
                        "A passphrase must be the only recipient: seal a file for it alone");
            }
            if (kinds.size() > 1) {
                throw AgeException.sealing(
                        "Post-quantum and other recipients cannot be mixed: seal a file for each kind");
            }
        }

        private static AgeException tooMany() {
            return AgeException.sealing("There are too many recipients: seal to 20 at most");
        }
    }
}
