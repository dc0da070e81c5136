package services.chorus.seqthink.age;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A header that was read, with the bytes it was read from: the MAC covers those, as received. */
final class Header {

    static final String VERSION_LINE = "age-encryption.org/v1";
    static final String STANZA_MARK = "-> ";
    static final String MAC_MARK = "---";
    static final int COLUMNS = 64;
    static final int MAX_SIZE = 16 * 1024;
    static final int MAX_STANZAS = 20;
    static final int MAX_ARGUMENTS = 8;
    static final int MAC_SIZE = 32;

    /** With one stanza of type X25519, and some room. */
    private static final int USUAL_SIZE = 256;

    private final byte[] received;
    private final int macStart;
    private final int length;
    private final List<Stanza> stanzas;
    private final byte[] mac;

    /**
     * @param macStart where in {@code received} the MAC line begins
     * @param length where the payload begins
     */
    Header(byte[] received, int macStart, int length, List<Stanza> stanzas, byte[] mac) {
        this.received = received;
        this.macStart = macStart;
        this.length = length;
        this.stanzas = List.copyOf(stanzas);
        this.mac = mac;
    }

    /** Takes the file key out of a stanza, or finds that it cannot. */
    @FunctionalInterface
    interface Opener {
        Optional<FileKey> unwrap(Stanza stanza) throws AgeException;
    }

    /** A file key and the place of the opener it came from. */
    record Match(FileKey fileKey, int opener) {}

    List<Stanza> stanzas() {
        return stanzas;
    }

    /** Bytes up to and with the newline of the MAC line. */
    int length() {
        return length;
    }

    /**
     * Tries every opener on every stanza, once at most, until one fits; then checks the MAC.
     *
     * @throws AgeException of kind {@code NO_MATCH}, {@code HEADER} or {@code MAC}
     */
    Match match(List<Opener> openers) throws AgeException {
        for (int i = 0; i < openers.size(); i++) {
            for (Stanza stanza : stanzas) {
                Optional<FileKey> fileKey = openers.get(i).unwrap(stanza);
                if (fileKey.isPresent()) {
                    checkMac(fileKey.get());
                    return new Match(fileKey.get(), i);
                }
            }
        }
        throw new AgeException(
                AgeException.Kind.NO_MATCH, "No identity opens this file: give the right one");
    }

    /** The header for these stanzas, MAC line and its newline included. */
    static byte[] encode(List<Stanza> stanzas, FileKey fileKey) {
        ByteArrayOutputStream header = new ByteArrayOutputStream(USUAL_SIZE);
        write(VERSION_LINE, header);
        for (Stanza stanza : stanzas) {
            write("\n->", header);
            for (String argument : stanza.arguments()) {
                header.write(' ');
                write(argument, header);
            }
            writeBody(stanza.body(), header);
        }
        write("\n" + MAC_MARK, header);
        byte[] mac = fileKey.headerMac(header.toByteArray());
        header.write(' ');
        header.writeBytes(CanonicalBase64.UNPADDED.encode(mac));
        header.write('\n');
        return header.toByteArray();
    }

    /** Ends each full line and begins another one, if only an empty one. */
    private static void writeBody(byte[] body, ByteArrayOutputStream header) {
        byte[] text = CanonicalBase64.UNPADDED.encode(body);
        for (int at = 0; at <= text.length; at += COLUMNS) {
            header.write('\n');
            header.write(text, at, Math.min(COLUMNS, text.length - at));
        }
    }

    private static void write(String text, ByteArrayOutputStream header) {
        header.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void checkMac(FileKey fileKey) throws AgeException {
        byte[] expected = fileKey.headerMac(Arrays.copyOf(received, macStart + MAC_MARK.length()));
        if (!MessageDigest.isEqual(expected, mac)) {
            fileKey.close();
            throw new AgeException(
                    AgeException.Kind.MAC, "The header was changed after it was sealed");
        }
    }
}
