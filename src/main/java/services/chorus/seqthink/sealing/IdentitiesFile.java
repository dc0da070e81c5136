package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.sealing.FiledIdentity.Mark;
import services.chorus.seqthink.sealing.FiledIdentity.Standing;

/**
 * A file of identities as {@code age} reads it: the first is current, the others only open.
 * Comments, which {@code age} ignores, contain the version of the recipients and the state of each
 * identity:
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
 * @param version of the recipients, 1 by default; increases with every new current identity
 * @param entries distinct; the first has no mark, at most one is prepared
 * @param ending the lines below the last identity
 */
public record IdentitiesFile(long version, List<FiledIdentity> entries, List<byte[]> ending)
        implements AutoCloseable {

    private static final String VERSION_NAME = "recipients-version";

    public IdentitiesFile {
        entries = List.copyOf(entries);
        ending = List.copyOf(ending);
        if (version < 1) {
            throw new IllegalArgumentException("version must be 1 or more: " + version);
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("An identities file needs an identity");
        }
    }

    /**
     * Parses the content of a file.
     *
     * @param content for the caller to wipe
     * @throws AgeException of kind {@code KEY} that names the number of the faulty line, without
     *     its content
     */
    public static IdentitiesFile read(byte[] content) throws AgeException {
        Reader reader = new Reader();
        try {
            KeyFile.lines(content, reader);
            return reader.file();
        } catch (AgeException e) {
            reader.close();
            throw e;
        }
    }

    public List<KeyIdentity> identities() {
        return entries.stream().map(FiledIdentity::identity).toList();
    }

    public FiledIdentity current() {
        return entries.getFirst();
    }

    public Optional<FiledIdentity> prepared() {
        return entries.stream().filter(entry -> entry.is(Standing.PREPARED)).findFirst();
    }

    public Optional<FiledIdentity> find(String fingerprint) {
        return entries.stream().filter(entry -> entry.fingerprint().equals(fingerprint)).findAny();
    }

    /** Returns the content of the file, for the caller to wipe. */
    public byte[] write() {
        List<byte[]> lines = new ArrayList<>();
        List<byte[]> secrets = new ArrayList<>();
        lines.add("# %s: %d".formatted(VERSION_NAME, version).getBytes(US_ASCII));
        for (FiledIdentity entry : entries) {
            lines.addAll(entry.lines());
            secrets.add(lines.getLast());
        }
        lines.addAll(ending);
        try {
            return FiledIdentity.join(lines);
        } finally {
            secrets.forEach(secret -> Arrays.fill(secret, (byte) 0));
        }
    }

    @Override
    public void close() {
        identities().forEach(KeyIdentity::close);
    }

    @Override
    public String toString() {
        return "IdentitiesFile[" + version + ", " + entries + "]";
    }

    private static final class Reader implements KeyFile.LineReader, AutoCloseable {

        // a directive with a typing error must not count as a comment
        private static final Pattern VERSION =
                Pattern.compile("#\\s*" + VERSION_NAME + "(.*)", Pattern.CASE_INSENSITIVE);
        private static final Pattern NUMBER = Pattern.compile(":\\s*([1-9][0-9]{0,14})\\s*");
        private static final Pattern TIME =
                Pattern.compile(
                        "#\\s*(created|prepared|retired)\\s*:\\s*(.*)", Pattern.CASE_INSENSITIVE);

        private OptionalLong version = OptionalLong.empty();
        private final List<FiledIdentity> entries = new ArrayList<>();

        private final List<byte[]> comments = new ArrayList<>();
        private Optional<Instant> created = Optional.empty();
        private Optional<Mark> mark = Optional.empty();
        private int markedAt;

        @Override
        public void read(int number, CharSequence line) throws AgeException {
            Matcher ofVersion = VERSION.matcher(line);
            Matcher ofTime = TIME.matcher(line);
            if (!KeyFile.isComment(line)) {
                identity(number, line);
            } else if (ofVersion.matches()) {
                version(number, ofVersion.group(1));
            } else if (ofTime.matches()) {
                time(number, line, ofTime.group(1), ofTime.group(2));
            } else {
                comments.add(bytes(line));
            }
        }

        IdentitiesFile file() throws AgeException {
            if (entries.isEmpty()) {
                throw AgeException.key("The file holds no identity: put one on a line");
            }
            if (mark.isPresent()) {
                throw AgeException.key(markedAt, "no identity follows this line; remove it");
            }
            return new IdentitiesFile(version.orElse(1), entries, comments);
        }

        @Override
        public void close() {
            entries.stream().map(FiledIdentity::identity).forEach(KeyIdentity::close);
        }

        private void version(int number, String rest) throws AgeException {
            Matcher wellFormed = NUMBER.matcher(rest);
            if (!wellFormed.matches()) {
                throw AgeException.key(number, "write it as: # recipients-version: 2");
            }
            if (version.isPresent()) {
                throw AgeException.key(number, "the file has two versions; keep the higher one");
            }
            version = OptionalLong.of(Long.parseLong(wellFormed.group(1)));
        }

        private void time(int number, CharSequence line, String word, String time)
                throws AgeException {
            Optional<Instant> instant = instant(time);
            switch (word.toLowerCase(Locale.ROOT)) {
                case "prepared" -> mark(number, Standing.PREPARED, instant);
                case "retired" -> mark(number, Standing.RETIRED, instant);
                default -> {
                    created = instant;
                    comments.add(bytes(line));
                }
            }
        }

        private void mark(int number, Standing standing, Optional<Instant> since)
                throws AgeException {
            if (since.isEmpty()) {
                throw AgeException.key(
                        number,
                        "write the time as: # %s: 2027-01-31T00:00:00Z".formatted(standing.word()));
            }
            if (mark.isPresent()) {
                throw AgeException.key(
                        number, "this identity is marked twice; keep one of the lines");
            }
            if (entries.isEmpty()) {
                throw AgeException.key(
                        number,
                        "the first identity is the current one and cannot be prepared or retired; use"
                                + " the command rotate to change the order");
            }
            if (standing == Standing.PREPARED && entries.stream().anyMatch(e -> e.is(standing))) {
                throw AgeException.key(number, "the file has two prepared identities; keep one");
            }
            mark = Optional.of(new Mark(standing, since.get()));
            markedAt = number;
        }

        private void identity(int number, CharSequence line) throws AgeException {
            KeyIdentity identity = KeyFile.identity(number, line);
            boolean again =
                    entries.stream()
                            .anyMatch(e -> e.identity().recipient().equals(identity.recipient()));
            if (again) {
                identity.close();
                throw AgeException.key(number, "the file contains this identity twice; keep one");
            }
            entries.add(new FiledIdentity(identity, created, mark, comments));
            comments.clear();
            created = Optional.empty();
            mark = Optional.empty();
        }

        private static Optional<Instant> instant(String time) {
            try {
                return Optional.of(OffsetDateTime.parse(time.strip()).toInstant());
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        private static byte[] bytes(CharSequence line) {
            return line.toString().getBytes(ISO_8859_1);
        }
    }
}
