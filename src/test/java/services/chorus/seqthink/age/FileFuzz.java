package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.testing.Jazzer;

/**
 * Invariants for arbitrary file content: only declared outcomes, at most one public-key operation
 * for each stanza and identity and none for a malformed header, no plaintext that was not sealed at
 * that place in one of the seeds, and the same result from a stream.
 */
public final class FileFuzz {

    static final String IDENTITIES = "identities.txt";

    /** Enough for the vectors, and fast. */
    private static final int MAX_WORK_FACTOR = 10;

    private static final int ENOUGH = 1 << 20;
    private static final FileFuzz RULES = atStart();

    private final List<Identity> identities;
    private final Set<Chunk> sealedChunks = new HashSet<>();

    private FileFuzz(List<Identity> identities) {
        this.identities = identities;
    }

    private record Chunk(int number, ByteBuffer plaintext) {}

    /** The plaintext that a stream wrote, and the exception if it failed. */
    private record Streamed(byte[] plaintext, Optional<AgeException.Kind> refusal) {}

    public static void fuzzerTestOneInput(byte[] file) throws IOException {
        RULES.check(file);
    }

    private static FileFuzz atStart() {
        try {
            Path folder = Jazzer.folderOfThisProcess();
            List<Identity> identities =
                    new ArrayList<>(
                            KeyFile.identities(Files.readAllBytes(folder.resolve(IDENTITIES))));
            identities.add(new ScryptIdentity("password".getBytes(UTF_8), MAX_WORK_FACTOR));
            FileFuzz rules = new FileFuzz(identities);
            try (Stream<Path> seeds = Files.list(folder.resolve(Jazzer.SEEDS))) {
                for (Path seed : seeds.toList()) {
                    byte[] plaintext = rules.stream(Files.readAllBytes(seed)).plaintext();
                    rules.sealedChunks.addAll(chunks(plaintext));
                }
            }
            return rules;
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private void check(byte[] file) throws IOException {
        int mostWork = stanzas(file) * identities.size();

        PublicKeyWork.takeCount();
        Opened opened = AgeFile.open(file, identities, ENOUGH);
        int work = PublicKeyWork.takeCount();
        Streamed streamed = stream(file);
        int streamWork = PublicKeyWork.takeCount();

        assertThat(work).isLessThanOrEqualTo(mostWork);
        assertThat(streamWork).isLessThanOrEqualTo(mostWork);
        assertThat(sealedChunks).containsAll(chunks(streamed.plaintext()));
        switch (opened) {
            case Opened.Plaintext(byte[] plaintext, Identity ignored) -> {
                assertThat(work).isPositive();
                assertThat(streamed.refusal()).isEmpty();
                assertThat(streamed.plaintext()).isEqualTo(plaintext);
            }
            case Opened.NoIdentityMatched() ->
                    assertThat(streamed.refusal()).contains(AgeException.Kind.NO_MATCH);
            case Opened.Malformed(String reason) ->
                    assertThat(streamed.refusal()).as(reason).isPresent();
            case Opened.TooLarge(int ignored) -> {}
        }
    }

    private Streamed stream(byte[] file) throws IOException {
        ByteArrayOutputStream plaintext = new ByteArrayOutputStream();
        Optional<AgeException.Kind> refusal = Optional.empty();
        try {
            AgeStream.open(new ByteArrayInputStream(file), plaintext, identities);
        } catch (AgeException e) {
            refusal = Optional.of(e.kind());
        }
        return new Streamed(plaintext.toByteArray(), refusal);
    }

    /** The number of stanzas; 0 for a malformed header. */
    private static int stanzas(byte[] file) throws IOException {
        try {
            return Header.parse(beginning(file)).stanzas().size();
        } catch (AgeException malformed) {
            return 0;
        }
    }

    /** The longest possible header, without armor. */
    private static byte[] beginning(byte[] file) throws IOException {
        InputStream bytes = new ByteArrayInputStream(file);
        InputStream binary = Armor.isArmored(file) ? new ArmorInputStream(bytes) : bytes;
        ByteArrayOutputStream beginning = new ByteArrayOutputStream();
        try {
            for (int i = 0, next; i < Header.MAX_SIZE && (next = binary.read()) >= 0; i++) {
                beginning.write(next);
            }
        } catch (AgeException brokenArmor) {
            return beginning.toByteArray();
        }
        return beginning.toByteArray();
    }

    private static List<Chunk> chunks(byte[] plaintext) {
        List<Chunk> chunks = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(plaintext.length, from + Payload.CHUNK);
            ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOfRange(plaintext, from, to));
            chunks.add(new Chunk(chunks.size(), bytes));
            from = to;
        } while (from < plaintext.length);
        return chunks;
    }
}
