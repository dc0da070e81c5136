package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static services.chorus.seqthink.age.AgeException.header;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A parsed header, with the bytes it was parsed from, which the MAC covers.
 *
 * @param received begins with the header
 * @param macStart where in {@code received} the MAC line begins
 * @param length bytes of the header, including the newline of the MAC line
 */
record Header(byte[] received, int macStart, int length, List<Stanza> stanzas, byte[] mac) {

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

    /** A file key and the identity that opened it. */
    record Match(FileKey fileKey, Identity identity) {}

    /**
     * Tries every identity on every stanza, at most once, until one opens; then checks the MAC.
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
                AgeException.Kind.NO_MATCH,
                "No identity opens this file: it is sealed to other recipients");
    }

    /**
     * Parses the header at the start of a file (age spec, "ABNF definition of file header") and
     * validates every stanza.
     *
     * @throws AgeException of kind {@code HEADER}
     */
    static Header parse(byte[] file) throws AgeException {
        return new Parser(file).parse();
    }

    /** Returns the header with these stanzas, including the MAC line and its newline. */
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

    /** A body ends with a line of fewer than 64 columns, which may be empty. */
    private static void writeBody(byte[] body, ByteArrayOutputStream header) {
        byte[] text = CanonicalBase64.UNPADDED.encode(body);
        for (int at = 0; at <= text.length; at += COLUMNS) {
            header.write('\n');
            header.write(text, at, Math.min(COLUMNS, text.length - at));
        }
    }

    private static void write(String text, ByteArrayOutputStream header) {
        header.writeBytes(text.getBytes(US_ASCII));
    }

    private void checkMac(FileKey fileKey) throws AgeException {
        byte[] expected = fileKey.headerMac(Arrays.copyOf(received, macStart + MAC_MARK.length()));
        if (!MessageDigest.isEqual(expected, mac)) {
            fileKey.close();
            throw new AgeException(
                    AgeException.Kind.MAC, "The header was changed after it was sealed");
        }
    }

    /** Rejects a malformed header before any public-key work. */
    private static final class Parser {

        private static final String MAC_LINE_START = MAC_MARK + " ";

        private final byte[] file;
        private final int end;
        private int lineStart;
        private int nextStart;

        /** The current line, each byte as one character. */
        private String line = "";

        Parser(byte[] file) {
            this.file = file;
            this.end = Math.min(file.length, MAX_SIZE);
        }

        Header parse() throws AgeException {
            nextLine();
            if (!line.equals(VERSION_LINE)) {
                throw header(
                        line.startsWith("age-encryption.org/")
                                ? "The file has another version of the age format than v1"
                                : "This is not an age file");
            }
            List<Stanza> stanzas = stanzas();
            return new Header(file, lineStart, nextStart, List.copyOf(stanzas), mac());
        }

        private List<Stanza> stanzas() throws AgeException {
            List<Stanza> stanzas = new ArrayList<>();
            nextLine();
            while (line.startsWith(STANZA_MARK)) {
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
                throw header("A stanza of type scrypt must be the only one");
            }
            return stanzas;
        }

        private List<String> arguments() throws AgeException {
            String[] arguments = line.substring(STANZA_MARK.length()).split(" ", -1);
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
            StringBuilder body = new StringBuilder(COLUMNS);
            do {
                nextLine();
                if (line.length() > COLUMNS) {
                    throw header("A stanza's body has a line over %d columns".formatted(COLUMNS));
                }
                body.append(line);
            } while (line.length() == COLUMNS);
            return CanonicalBase64.UNPADDED
                    .decode(body.toString().getBytes(ISO_8859_1))
                    .orElseThrow(() -> header("A stanza's body is not canonical base64"));
        }

        private byte[] mac() throws AgeException {
            if (!line.startsWith(MAC_LINE_START)) {
                throw header("The header has a line that is neither a stanza nor the MAC");
            }
            return CanonicalBase64.UNPADDED
                    .decode(line.substring(MAC_LINE_START.length()).getBytes(ISO_8859_1))
                    .filter(mac -> mac.length == MAC_SIZE)
                    .orElseThrow(() -> header("The header's MAC is not 32 bytes in base64"));
        }

        private void nextLine() throws AgeException {
            lineStart = nextStart;
            int lineEnd = lineStart;
            while (lineEnd < end && file[lineEnd] != '\n') {
                lineEnd++;
            }
            if (lineEnd == end) {
                throw header(
                        end == MAX_SIZE
                                ? "The header is longer than %d bytes".formatted(MAX_SIZE)
                                : "The header is truncated");
            }
            line = new String(file, lineStart, lineEnd - lineStart, ISO_8859_1);
            nextStart = lineEnd + 1;
        }
    }
}
