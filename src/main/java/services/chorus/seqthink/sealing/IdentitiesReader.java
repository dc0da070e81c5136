package services.chorus.seqthink.sealing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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

/** Puts an {@link IdentitiesFile} together from its lines. For one file and one thread. */
final class IdentitiesReader implements KeyFile.LineReader, AutoCloseable {

    // a directive with a slip in it must not pass for a comment
    private static final Pattern VERSION =
            Pattern.compile("#\\s*" + IdentitiesFile.VERSION + "(.*)", Pattern.CASE_INSENSITIVE);
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

    /** What was read. */
    IdentitiesFile file() throws AgeException {
        if (entries.isEmpty()) {
            throw AgeException.key("The file holds no identity: put one on a line");
        }
        if (mark.isPresent()) {
            throw AgeException.key(markedAt, "no identity follows it; remove the line");
        }
        return new IdentitiesFile(version.orElse(1), entries, comments);
    }

    /** Wipes the identities read so far. */
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
            throw AgeException.key(number, "the version stands above already; keep the higher");
        }
        version = OptionalLong.of(Long.parseLong(wellFormed.group(1)));
    }

    private void time(int number, CharSequence line, String word, String time) throws AgeException {
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

    private void mark(int number, Standing standing, Optional<Instant> since) throws AgeException {
        if (since.isEmpty()) {
            throw AgeException.key(
                    number,
                    "write the time as: # %s: 2027-01-31T00:00:00Z".formatted(standing.word()));
        }
        if (mark.isPresent()) {
            throw AgeException.key(
                    number, "an identity is prepared or retired, and once; keep one of the lines");
        }
        if (entries.isEmpty()) {
            throw AgeException.key(
                    number,
                    "the first identity is the current one, neither prepared nor retired; let the"
                            + " command rotate change the order");
        }
        if (standing == Standing.PREPARED && entries.stream().anyMatch(e -> e.is(standing))) {
            throw AgeException.key(number, "another identity is prepared; keep one of them");
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
            throw AgeException.key(number, "this identity stands above already; keep one");
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

    /** The reverse of what {@link KeyFile#lines} does. */
    private static byte[] bytes(CharSequence line) {
        byte[] bytes = new byte[line.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) line.charAt(i);
        }
        return bytes;
    }
}
