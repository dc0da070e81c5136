package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
        StringBuilder text = new StringBuilder(512).append(VERSION_LINE).append('\n');
        stanzas.forEach(stanza -> append(stanza, text));
        text.append(MAC_MARK);
        byte[] signed = text.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] mac = fileKey.headerMac(signed, signed.length);
        text.append(' ').append(CanonicalBase64.UNPADDED.encode(mac)).append('\n');
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void append(Stanza stanza, StringBuilder text) {
        text.append(STANZA_MARK).append(String.join(" ", stanza.arguments())).append('\n');
        String body = CanonicalBase64.UNPADDED.encode(stanza.body());
        int at = 0;
        for (; body.length() - at >= COLUMNS; at += COLUMNS) {
            text.append(body, at, at + COLUMNS).append('\n');
        }
        text.append(body, at, body.length()).append('\n');
    }

    private void checkMac(FileKey fileKey) throws AgeException {
        byte[] expected = fileKey.headerMac(received, macStart + MAC_MARK.length());
        if (!MessageDigest.isEqual(expected, mac)) {
            fileKey.close();
            throw new AgeException(
                    AgeException.Kind.MAC, "The header was changed after it was sealed");
        }
    }
}
