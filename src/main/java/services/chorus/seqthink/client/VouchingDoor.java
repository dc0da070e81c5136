package services.chorus.seqthink.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.client.KnownDoors.Judgement;

/** A door that signs whom to seal to, and is known by its key. */
public final class VouchingDoor implements Addressee {

    private final DoorClient client;
    private final KnownDoors known;
    private final Introduction introduction;
    private final KnownDoor door;

    private VouchingDoor(
            DoorClient client, KnownDoors known, Introduction introduction, KnownDoor door) {
        this.client = client;
        this.known = known;
        this.introduction = introduction;
        this.door = door;
    }

    /**
     * The door as it is remembered, else as it says now.
     *
     * @throws CallFailed when what it says is not believed, or cannot be had
     */
    public static VouchingDoor find(DoorClient client, KnownDoors known, Introduction introduction)
            throws IOException, InterruptedException, CallFailed {
        Optional<KnownDoor> remembered =
                known.find(client.url())
                        .filter(known::holds)
                        .filter(door -> isExpected(door, introduction));
        KnownDoor door =
                remembered.isPresent() ? remembered.get() : ask(client, known, introduction);
        return new VouchingDoor(client, known, introduction, door);
    }

    @Override
    public List<KeyRecipient> recipients() {
        return door.recipients();
    }

    @Override
    public List<KeyRecipient> instead() throws IOException, InterruptedException, CallFailed {
        KnownDoor now = ask(client, known, introduction);
        if (now.version() <= door.version()) {
            throw new CallFailed(
                    ("the answer is that %s does not open what is sealed to its recipients (status"
                                    + " 422), but it signed no newer ones than version %d:"
                                    + " somebody between may have made that up, so nothing was"
                                    + " sent again; try later")
                            .formatted(client.url(), door.version()));
        }
        return now.recipients();
    }

    private static KnownDoor ask(DoorClient client, KnownDoors known, Introduction introduction)
            throws IOException, InterruptedException, CallFailed {
        return switch (known.judge(client.recipients(), client.url(), introduction)) {
            case Judgement.Trusted(KnownDoor door) -> door;
            case Judgement.Refused(String why) -> throw new CallFailed(why);
        };
    }

    private static boolean isExpected(KnownDoor door, Introduction introduction) {
        return !(introduction instanceof Introduction.Told(String fingerprint))
                || fingerprint.equals(door.fingerprint());
    }
}
