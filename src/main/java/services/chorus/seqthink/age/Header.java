package services.chorus.seqthink.age;

import static services.chorus.seqthink.age.AgeException.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
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
    private Header(byte[] received, int macStart, int length, List<Stanza> stanzas, byte[] mac) {
        this.received = received;
        this.macStart = macStart;
        this.length = length;
        this.stanzas = List.copyOf(stanzas);
        this.mac = mac;
    }

    /** A file key and the identity that it was opened with. */
    record Match(FileKey fileKey, Identity identity) {}

    List<Stanza> stanzas() {
        return stanzas;
    }

    /** Bytes up to and with the newline of the MAC line. */
    int length() {
        return length;
    }

    /**
     * Tries every identity on every stanza, once at most, until one fits; then checks the MAC.
     *
     * @throws AgeException of kind {@code NO_MATCH}, {@code HEADER} or {@code MAC}
     */
    Match match(List<? extends Identity> identities) throws AgeException {
        for (Identity identity : identities) {
            for (Stanza stanza : stanzas) {
                Optional<FileKey> fileKey = identity.unwrap(stanza);
                if (fileKey.isPresent()) {
                    checkMac(fileKey.get());
                    return new Match(fileKey.get(), identity);
                }
            }
        }
        throw new AgeException(
                AgeException.Kind.NO_MATCH, "No identity opens this file: give the right one");
    }

    /**
     * Reads the header at the start of a file (age spec, "ABNF definition of file header") and
     * checks the shape of every stanza.
     *
     * @throws AgeException of kind {@code HEADER}
     */
    static Header parse(byte[] file) throws AgeException {
        return new Parser(file).parse();
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

    /** Computes nothing: what is refused here costs no public-key work. */
    private static final class Parser {

        private static final String MAC_LINE_START = MAC_MARK + " ";

        private final byte[] file;
        private final int end;
        private int lineStart;
        private int lineEnd = -1;

        Parser(byte[] file) {
            this.file = file;
            this.end = Math.min(file.length, MAX_SIZE);
        }

        Header parse() throws AgeException {
            nextLine();
            if (!line().equals(VERSION_LINE)) {
                throw header(
                        lineStartsWith("age-encryption.org/")
                                ? "The file is of a version of age other than v1"
                                : "This is not an age file");
            }
            List<Stanza> stanzas = stanzas();
            return new Header(file, lineStart, lineEnd + 1, stanzas, mac());
        }

        private List<Stanza> stanzas() throws AgeException {
            List<Stanza> stanzas = new ArrayList<>();
            nextLine();
            while (lineStartsWith(STANZA_MARK)) {
                if (stanzas.size() == MAX_STANZAS) {
                    throw header("The header has more than %d stanzas".formatted(MAX_STANZAS));
                }
                stanzas.add(Stanza.of(arguments(), body()));
                nextLine();
            }
            if (stanzas.isEmpty()) {
                throw header("The header has no stanza");
            }
            if (stanzas.size() > 1 && stanzas.stream().anyMatch(Stanza.Scrypt.class::isInstance)) {
                throw header("A stanza of type scrypt is not alone");
            }
            return stanzas;
        }

        private List<String> arguments() throws AgeException {
            String[] arguments = line().substring(STANZA_MARK.length()).split(" ", -1);
            if (arguments.length > MAX_ARGUMENTS) {
                throw header("A stanza has more than %d arguments".formatted(MAX_ARGUMENTS));
            }
            for (String argument : arguments) {
                if (argument.isEmpty() || !argument.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                    throw header("A stanza has an empty or unprintable argument");
                }
            }
            return List.of(arguments);
        }

        private byte[] body() throws AgeException {
            ByteArrayOutputStream text = new ByteArrayOutputStream(COLUMNS);
            do {
                nextLine();
                if (lineLength() > COLUMNS) {
                    throw header("A stanza's body has a line over %d columns".formatted(COLUMNS));
                }
                text.write(file, lineStart, lineLength());
            } while (lineLength() == COLUMNS);
            return CanonicalBase64.UNPADDED
                    .decode(text.toByteArray())
                    .orElseThrow(() -> header("A stanza's body is not in canonical base64"));
        }

        private byte[] mac() throws AgeException {
            if (!lineStartsWith(MAC_LINE_START)) {
                throw header("The header has a line that is neither a stanza nor the MAC");
            }
            byte[] text = Arrays.copyOfRange(file, lineStart + MAC_LINE_START.length(), lineEnd);
            return CanonicalBase64.UNPADDED
                    .decode(text)
                    .filter(mac -> mac.length == MAC_SIZE)
                    .orElseThrow(() -> header("The header's MAC is not 32 bytes in base64"));
        }

        private void nextLine() throws AgeException {
            lineStart = lineEnd + 1;
            lineEnd = lineStart;
            while (lineEnd < end && file[lineEnd] != '\n') {
                lineEnd++;
            }
            if (lineEnd == end) {
                throw header(
                        end == MAX_SIZE
                                ? "The header is longer than %d bytes".formatted(MAX_SIZE)
                                : "The header is cut short");
            }
        }

        private int lineLength() {
            return lineEnd - lineStart;
        }

        /** The line, each byte as one character. */
        private String line() {
            return new String(file, lineStart, lineLength(), StandardCharsets.ISO_8859_1);
        }

        private boolean lineStartsWith(String mark) {
            return line().startsWith(mark);
        }
    }
}
