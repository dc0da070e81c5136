package services.chorus.seqthink.age;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import services.chorus.seqthink.age.AgeFile.Preamble;
import services.chorus.seqthink.age.Armor.ArmorOutputStream;

/**
 * Seals and opens files of any size with memory that does not depend on it. Streams are read to
 * their end, flushed and left open. {@link AgeFile} is for what fits into memory.
 */
public final class AgeStream {

    private AgeStream() {}

    /**
     * Seals all of {@code plaintext} to the recipients.
     *
     * @throws AgeException when there are none, too many or a mixed lot of recipients; nothing was
     *     written then
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
                OutputStream armor = new ArmorOutputStream(sealed);
                write(preamble, plaintext, armor);
                armor.close();
            }
        }
        sealed.flush();
    }

    /**
     * Opens a file, binary or armored, and writes its plaintext <em>chunk by chunk</em>: each 64
     * KiB leave once they verified, before the end of the file was seen. When this throws, what was
     * written is a true beginning of a plaintext and no more: throw it away.
     *
     * @return the identity that opened the file
     * @throws AgeException when the file is malformed, was changed or is for others
     * @throws IOException when a stream fails
     */
    public static Identity open(
            InputStream sealed, OutputStream plaintext, List<? extends Identity> identities)
            throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(sealed, Payload.SEALED_CHUNK);
        InputStream binary = Armor.isArmored(buffered) ? new ArmorInputStream(buffered) : buffered;
        Header header = Header.parse(readHeader(binary));
        byte[] nonce = binary.readNBytes(FileKey.NONCE_SIZE);
        if (nonce.length < FileKey.NONCE_SIZE) {
            throw AgeException.header("The file ends before its payload");
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

    /** Reads up to and with the MAC line, or as much as shows that there is none. */
    private static byte[] readHeader(InputStream in) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        byte[] line;
        do {
            line = readLine(in, Header.MAX_SIZE - header.size());
            header.writeBytes(line);
        } while (line.length > 0 && !isMacLine(line));
        return header.toByteArray();
    }

    private static byte[] readLine(InputStream in, int limit) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(Header.COLUMNS + 1);
        int next = 0;
        while (next != '\n' && line.size() < limit && (next = in.read()) >= 0) {
            line.write(next);
        }
        return line.toByteArray();
    }

    private static boolean isMacLine(byte[] line) {
        return new String(line, StandardCharsets.ISO_8859_1).startsWith(Header.MAC_MARK);
    }
}
