package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.sealing.FiledIdentity.Standing;

/**
 * A file of identities as {@code age} reads it: the first is current, the others open only. In
 * comments, which {@code age} passes over, stand the version of its recipients and where each
 * identity stands on its way:
 *
 * <pre>
 * # recipients-version: 2
 * # created: 2027-01-31T00:00:00Z
 * # public key: age1...
 * AGE-SECRET-KEY-1...
 * # retired: 2027-01-31T00:00:00Z
 * AGE-SECRET-KEY-1...
 * </pre>
 *
 * @param version of the recipients, 1 where the file does not say; rises with every new current one
 * @param entries the identities, each once; the first without a mark, at most one prepared
 * @param ending the lines below the last identity
 */
public record IdentitiesFile(long version, List<FiledIdentity> entries, List<byte[]> ending)
        implements AutoCloseable {

    static final String VERSION = "recipients-version";

    public IdentitiesFile {
        entries = List.copyOf(entries);
        ending = List.copyOf(ending);
        if (version < 1) {
            throw new IllegalArgumentException("A version is 1 or more");
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("An identities file needs an identity");
        }
    }

    /**
     * Reads a file's content.
     *
     * @param content for the caller to wipe
     * @throws AgeException of kind {@code KEY} that names the faulty line's number and nothing of
     *     what stands there
     */
    public static IdentitiesFile read(byte[] content) throws AgeException {
        IdentitiesReader reader = new IdentitiesReader();
        try {
            KeyFile.lines(content, reader);
            return reader.file();
        } catch (AgeException e) {
            reader.close();
            throw e;
        }
    }

    /** The secrets in the file's order. */
    public List<KeyIdentity> identities() {
        return entries.stream().map(FiledIdentity::identity).toList();
    }

    /** The identity that callers seal to. */
    public FiledIdentity current() {
        return entries.getFirst();
    }

    /** The identity that is to become current. */
    public Optional<FiledIdentity> prepared() {
        return entries.stream().filter(entry -> entry.is(Standing.PREPARED)).findFirst();
    }

    /** The identity of that fingerprint. */
    public Optional<FiledIdentity> find(String fingerprint) {
        return entries.stream().filter(entry -> entry.fingerprint().equals(fingerprint)).findAny();
    }

    /**
     * The file's content.
     *
     * @return for the caller to wipe
     */
    public byte[] write() {
        List<byte[]> lines = new ArrayList<>();
        List<byte[]> secrets = new ArrayList<>();
        lines.add("# %s: %d".formatted(VERSION, version).getBytes(US_ASCII));
        for (FiledIdentity entry : entries) {
            lines.addAll(entry.lines());
            secrets.add(lines.getLast());
        }
        lines.addAll(ending);
        try {
            return Lines.write(lines);
        } finally {
            secrets.forEach(secret -> Arrays.fill(secret, (byte) 0));
        }
    }

    /** Wipes the secrets. */
    @Override
    public void close() {
        identities().forEach(KeyIdentity::close);
    }

    @Override
    public String toString() {
        return "IdentitiesFile[" + version + ", " + entries + "]";
    }
}
