package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.sealing.Correspondence.ROUTE;
import static services.chorus.seqthink.sealing.Correspondence.TOKEN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.client.OutgoingRequest;
import services.chorus.seqthink.client.OutgoingRequest.Addressing;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.sealing.LiveKeyring.Pace;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.testing.AgeKey;

/**
 * A request sealed to an advertised recipient is accepted while the keys change, as long as the
 * identity is in the file. The files change as Kubernetes publishes them.
 */
class RotationUnderLoadTest {

    private static final int SENDERS = 3;
    private static final int PROGRESS = 20;

    @TempDir Path volume;

    private final AgeKey first = AgeKey.generate();
    private final AgeKey caller = AgeKey.generate();
    private final AgeKey reader = AgeKey.generate();
    private final AgeKey otherReader = AgeKey.generate();

    /** The recipients in documents that have not expired, from which senders choose. */
    private final List<KeyRecipient> advertised = new CopyOnWriteArrayList<>();

    private final Queue<Object> failures = new ConcurrentLinkedQueue<>();
    private final List<AtomicInteger> accepted = new ArrayList<>();
    private final List<Thread> senders = new ArrayList<>();
    private byte[] identities = (first.secret() + "\n").getBytes(US_ASCII);
    private AgeKey readerOfBareReplies = reader;
    private int publications;
    private LiveKeyring keyring;
    private AgeSealing sealing;

    @BeforeEach
    void startTheDoorAndItsSenders() throws IOException {
        publish();
        for (String name : List.of("door.key", "bare.pub")) {
            Files.createSymbolicLink(volume.resolve(name), Path.of("..data", name));
        }
        keyring =
                new LiveKeyring(
                        volume.resolve("door.key"),
                        Optional.of(volume.resolve("bare.pub")),
                        InstantSource.system(),
                        new Pace(Duration.ofMillis(10), Duration.ofMillis(500)));
        sealing =
                new AgeSealing(
                        keyring,
                        false,
                        Freshness.always(Correspondence.WINDOW, InstantSource.system()),
                        Correspondence.MOST_BYTES);
        advertise();
        for (int i = 0; i < SENDERS; i++) {
            AtomicInteger count = new AtomicInteger();
            accepted.add(count);
            senders.add(Thread.ofPlatform().start(() -> sendUntilInterrupted(count)));
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        senders.forEach(Thread::interrupt);
        for (Thread sender : senders) {
            sender.join();
        }
        keyring.close();
    }

    @Test
    void rejectsNoRequestDuringARotation() throws Exception {
        awaitProgress();
        for (int version = 2; version <= 3; version++) {
            rotate(rotation -> rotation.prepare(() -> AgeKey.generate().identity()));
            int identityCount = version;
            await().until(() -> keyring.current().identities().size() == identityCount);
            awaitProgress();

            rotate(Rotation::promote);
            long promoted = version;
            await().until(() -> keyring.current().version() == promoted);
            advertise();
            awaitProgress();
        }

        readerOfBareReplies = otherReader;
        publish();
        await().until(() -> bareReaders().equals(List.of(otherReader.identity().recipient())));
        awaitProgress();

        advertised.remove(first.identity().recipient());
        awaitProgress(); // requests sealed to it have been answered
        byte[] late = sealed(first.identity().recipient());
        assertThat(open(late)).isInstanceOf(Incoming.Accepted.class);
        rotate(rotation -> rotation.retire(first.identity().recipient().fingerprint()));
        await().until(() -> keyring.current().identities().size() == 2);
        assertThat(open(late)).isEqualTo(new Incoming.Unanswerable(Incoming.Cause.NO_IDENTITY));
        awaitProgress();

        assertThat(failures).isEmpty();
        assertThat(advertised).hasSize(2).doesNotHaveDuplicates();
    }

    private interface Step {
        IdentitiesFile of(Rotation rotation) throws Rotation.RefusedException;
    }

    private void rotate(Step step) throws Exception {
        try (IdentitiesFile before = IdentitiesFile.read(identities)) {
            identities = step.of(new Rotation(before, Instant.now())).write();
        }
        publish();
    }

    /** Writes both files into a new folder and swaps the link to it. */
    private void publish() throws IOException {
        String name = "..version-" + publications++;
        Path folder = Files.createDirectory(volume.resolve(name));
        Files.write(folder.resolve("door.key"), identities);
        Files.writeString(folder.resolve("bare.pub"), readerOfBareReplies.recipient() + "\n");
        Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of(name));
        Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void advertise() {
        advertised.add(keyring.current().currentIdentity().recipient());
    }

    private List<KeyRecipient> bareReaders() throws AgeException {
        byte[] bare =
                AgeFile.seal(
                        "{\"tool\":\"t\"}".getBytes(UTF_8),
                        List.of(advertised.getLast()),
                        Encoding.BINARY);
        return ((Incoming.Accepted) open(bare)).from().recipients();
    }

    private void sendUntilInterrupted(AtomicInteger count) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<KeyRecipient> choice = List.copyOf(advertised);
                KeyRecipient to = choice.get(ThreadLocalRandom.current().nextInt(choice.size()));
                Incoming incoming = open(sealed(to));
                if (!(incoming instanceof Incoming.Accepted)) {
                    failures.add(incoming);
                }
                count.incrementAndGet();
            }
        } catch (AgeException | RuntimeException e) {
            failures.add(e);
        }
    }

    private byte[] sealed(KeyRecipient to) throws AgeException {
        return OutgoingRequest.seal(
                        StrictJson.object().put("tool", "t"),
                        new Addressing(
                                TOKEN,
                                ROUTE,
                                Optional.of(caller.identity().recipient()),
                                Optional.empty()),
                        List.of(to),
                        Encoding.BINARY,
                        Instant.now())
                .sealed();
    }

    private Incoming open(byte[] sealed) {
        return sealing.open(sealed, new Correspondence(first, caller).expected());
    }

    private void awaitProgress() {
        List<Integer> before = accepted.stream().map(AtomicInteger::get).toList();
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            for (int i = 0; i < SENDERS; i++) {
                                if (accepted.get(i).get() < before.get(i) + PROGRESS) {
                                    return !failures.isEmpty();
                                }
                            }
                            return true;
                        });
        assertThat(failures).isEmpty();
    }
}
