package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.protocol.RecipientsDocument;
import services.chorus.seqthink.protocol.RecipientsDocument.Verification;
import services.chorus.seqthink.sealing.SignedRecipients.Trouble;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.HandMadeJws;

class SignedRecipientsTest {

    private static final String URL = "https://door.example";

    @TempDir Path folder;
    private final AgeKey first = AgeKey.generate();
    private final AgeKey second = AgeKey.generate();
    private final SharedNotes notes = new SharedNotes();
    private final AtomicReference<DoorRecipients> door = new AtomicReference<>(door(1, first));
    private final List<Trouble> troubles = new ArrayList<>();
    private final HandMadeJws signer = HandMadeJws.generate();
    private Instant now = Instant.ofEpochSecond(1_900_000_000);
    private Path keyFile;
    private SignedRecipients recipients;

    @BeforeEach
    void signForTheFirstTime() throws IOException {
        keyFile = Files.writeString(folder.resolve("door.jwk"), signer.privateJwk());
        recipients = replica();
        recipients.look();
    }

    @Test
    void signsTheGatewaysRecipients() {
        door.set(door(4, second, first));
        recipients.look();

        RecipientsDocument document = document(recipients);
        assertThat(document)
                .isEqualTo(
                        new RecipientsDocument(
                                URL,
                                4,
                                now,
                                now.plus(Duration.ofHours(1)),
                                List.of(recipient(second)),
                                List.of(
                                        recipient(second).fingerprint(),
                                        recipient(first).fingerprint())));
        assertThat(troubles).isEmpty();
    }

    @Test
    void hasNoDocumentBeforeTheFirstSignature() {
        assertThat(replica().document()).isEmpty();
    }

    @Test
    void signsAgainAfterFiveMinutesAndNotBefore() {
        String jws = recipients.document().orElseThrow();
        now = now.plusSeconds(299);
        recipients.look();
        assertThat(recipients.document()).hasValue(jws);

        now = now.plusSeconds(1);
        recipients.look();
        assertThat(document(recipients).since()).isEqualTo(now);
    }

    @Test
    void signsAgainWhenAnIdentityIsRemoved() {
        door.set(door(1, first, second));
        recipients.look();
        assertThat(document(recipients).opens()).hasSize(2);

        door.set(door(1, first));
        recipients.look();
        assertThat(document(recipients).opens()).hasSize(1);
    }

    @Test
    void reloadsTheDoorKey() throws IOException {
        HandMadeJws other = HandMadeJws.generate();
        Files.writeString(keyFile, other.privateJwk());
        recipients.look();

        assertThat(valid(recipients).fingerprint()).isEqualTo(other.fingerprint());
    }

    @Test
    void servesTheLastDocumentWithoutItsKeyUntilItExpires() throws IOException {
        String jws = recipients.document().orElseThrow();
        for (String broken : List.of("", signer.publicJwk())) {
            Files.writeString(keyFile, broken);
            now = now.plusSeconds(1000);
            recipients.look();
            assertThat(recipients.document()).hasValue(jws);
        }
        assertThat(troubles).containsExactly(Trouble.DOOR_KEY, Trouble.DOOR_KEY);

        now = now.plusSeconds(1600);
        assertThat(recipients.document()).isEmpty();
        Files.writeString(keyFile, signer.privateJwk());
        recipients.look();
        assertThat(document(recipients).since()).isEqualTo(now);
    }

    @Test
    void advertisesTheHigherVersionOfAnotherReplica() {
        door.set(door(1, first, second));
        new SharedVersions(notes).settle(door(2, second));
        recipients.look();

        assertThat(document(recipients).version()).isEqualTo(2);
        assertThat(document(recipients).recipients()).containsExactly(recipient(second));
        assertThat(document(recipients).opens()).hasSize(2);
    }

    @Test
    void neverAdvertisesALowerVersionWhenTheStateIsLostOrUnavailable() {
        advertisesTheHigherVersionOfAnotherReplica();

        notes.forgetEverything();
        now = now.plusSeconds(301);
        recipients.look();
        assertThat(document(recipients).version()).isEqualTo(2);
        assertThat(document(recipients).since()).isEqualTo(now);

        notes.goAway();
        now = now.plusSeconds(301);
        recipients.look();
        assertThat(document(recipients).version()).isEqualTo(2);
        assertThat(document(recipients).since()).isEqualTo(now);
        assertThat(troubles).containsExactly(Trouble.STATE_AWAY);
    }

    @Test
    void advertisesItsOwnWhileTheStateIsUnavailable() {
        notes.goAway();
        SignedRecipients other = replica();
        door.set(door(3, second));
        other.look();
        assertThat(document(other).version()).isEqualTo(3);

        notes.comeBack();
        other.look();
        assertThat(troubles).containsExactly(Trouble.STATE_AWAY);
        assertThat(new SharedVersions(notes).settle(door(1, first, second)))
                .map(DoorRecipients::version)
                .hasValue(3L);
    }

    @Test
    void advertisesNothingNewUnderATakenVersion() {
        new SharedVersions(notes).settle(door(2, AgeKey.generate()));
        door.set(door(2, second, first));
        now = now.plusSeconds(301);
        recipients.look();

        assertThat(troubles).containsExactly(Trouble.VERSION_TAKEN);
        assertThat(document(recipients).version()).isEqualTo(1);
        assertThat(document(recipients).recipients()).containsExactly(recipient(first));
        assertThat(document(recipients).since()).isEqualTo(now);
        SignedRecipients other = replica();
        other.look();
        assertThat(other.document()).isEmpty();

        // a recipient advertised before is useless without its identity
        door.set(door(2, second));
        recipients.look();
        assertThat(recipients.document()).isEmpty();
    }

    private SignedRecipients replica() {
        return new SignedRecipients(
                URL,
                keyFile,
                door::get,
                Optional.of(new SharedVersions(notes)),
                () -> now,
                troubles::add);
    }

    private static RecipientsDocument document(SignedRecipients recipients) {
        return valid(recipients).document();
    }

    private static Verification.Valid valid(SignedRecipients recipients) {
        return switch (RecipientsDocument.verify(recipients.document().orElseThrow())) {
            case Verification.Valid valid -> valid;
            case Verification.Refused(String why) -> throw new AssertionError(why);
        };
    }

    private static DoorRecipients door(long version, AgeKey... keys) {
        return new DoorRecipients(
                version, Stream.of(keys).map(SignedRecipientsTest::recipient).toList());
    }

    private static KeyRecipient recipient(AgeKey key) {
        return key.identity().recipient();
    }
}
