package services.chorus.seqthink.age;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import services.chorus.seqthink.age.AgeFile.Preamble;

/**
 * Seals and opens files of any size in constant memory. Streams are read to their end, flushed and
 * left open. {@link AgeFile} is for files that fit into memory.
 */
public final class AgeStream {

    private AgeStream() {}

    /**
     * Seals all of {@code plaintext} to the recipients.
     *
     * @throws AgeException when there are no recipients, too many, or recipients of several kinds;
     *     nothing was written then
     * @throws IOException when a stream fails
     */
    public static void seal(
            InputStream plaintext,
            OutputStream sealed,
            List<? extends Recipient> recipients,
            Encoding encoding)
            throws IOException {
        Preamble preamble = Preamble.to(recipients);
        switch (encoding) {
            case BINARY -> write(preamble, plaintext, sealed);
            case ARMORED -> {
                OutputStream armor = Armor.armor(sealed);
                write(preamble, plaintext, armor);
                armor.close();
            }
        }
        sealed.flush();
    }

    /**
     * Opens a file, binary or armored, and writes its plaintext <em>chunk by chunk</em>: each 64
     * KiB are written once they are verified, before the end of the file is read. When this throws,
     * the output is an authentic but incomplete start of the plaintext: discard it.
     *
     * @return the identity that opened the file
     * @throws AgeException when the file is malformed, was changed or is sealed to others
     * @throws IOException when a stream fails
     */
    public static Identity open(
            InputStream sealed, OutputStream plaintext, List<? extends Identity> identities)
            throws IOException {
        BufferedInputStream file = new BufferedInputStream(sealed, Payload.SEALED_CHUNK);
        BufferedInputStream binary =
                Armor.isArmored(file) ? new BufferedInputStream(new ArmorInputStream(file)) : file;
        binary.mark(Header.MAX_SIZE);
        Header header = Header.parse(binary.readNBytes(Header.MAX_SIZE));
        binary.reset();
        binary.skipNBytes(header.length());
        byte[] nonce = binary.readNBytes(FileKey.NONCE_SIZE);
        if (nonce.length < FileKey.NONCE_SIZE) {
            throw AgeException.header("The file is truncated before its payload");
        }
        Header.Match match = header.match(identities);
        try (FileKey fileKey = match.fileKey()) {
            new Payload(fileKey.payloadCipher(nonce)).open(binary, plaintext);
        }
        plaintext.flush();
        return match.identity();
    }

    private static void write(Preamble preamble, InputStream plaintext, OutputStream out)
            throws IOException {
        out.write(preamble.bytes());
        preamble.payload().seal(plaintext, out);
    }
}
