package services.chorus.seqthink.age;

import static services.chorus.seqthink.age.AgeException.header;
import static services.chorus.seqthink.age.Header.COLUMNS;
import static services.chorus.seqthink.age.Header.MAC_MARK;
import static services.chorus.seqthink.age.Header.MAX_ARGUMENTS;
import static services.chorus.seqthink.age.Header.MAX_SIZE;
import static services.chorus.seqthink.age.Header.MAX_STANZAS;
import static services.chorus.seqthink.age.Header.STANZA_MARK;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the header at the start of a file (age spec, "ABNF definition of file header") and checks
 * the shape of every stanza. Computes nothing: what is refused here costs no public-key work.
 */
final class HeaderParser {

    private static final String MAC_LINE_START = MAC_MARK + " ";

    private final byte[] file;
    private final int end;
    private int lineStart;
    private int lineEnd = -1;

    private HeaderParser(byte[] file) {
        this.file = file;
        this.end = Math.min(file.length, MAX_SIZE);
    }

    static Header parse(byte[] file) throws AgeException {
        return new HeaderParser(file).parse();
    }

    private Header parse() throws AgeException {
        nextLine();
        if (!line().equals(Header.VERSION_LINE)) {
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
        if (stanzas.size() > 1 && stanzas.stream().anyMatch(ScryptStanza.class::isInstance)) {
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
                .filter(mac -> mac.length == Header.MAC_SIZE)
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
