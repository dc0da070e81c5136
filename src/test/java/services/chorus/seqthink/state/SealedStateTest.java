package services.chorus.seqthink.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.state.SharedStateContract.LIMITS;
import static services.chorus.seqthink.state.SharedStateContract.LONG;
import static services.chorus.seqthink.state.SharedStateContract.ONE;
import static services.chorus.seqthink.state.SharedStateContract.TWO;
import static services.chorus.seqthink.state.SharedStateContract.append;
import static services.chorus.seqthink.state.SharedStateContract.get;
import static services.chorus.seqthink.state.SharedStateContract.put;
import static services.chorus.seqthink.state.SharedStateContract.read;
import static services.chorus.seqthink.state.SharedStateContract.swap;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.state.EmbeddedStore.Bounds;
import services.chorus.seqthink.state.SharedState.Page;
import services.chorus.seqthink.state.SharedState.Snapshot;
import services.chorus.seqthink.state.Store.Draft;
import services.chorus.seqthink.state.Store.Stretch;

/** What a malicious store can see and do. */
class SealedStateTest {

    private static final String SERVER = "https://door.example";
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final EmbeddedStore store = new EmbeddedStore(Bounds.USUAL, InstantSource.fixed(NOW));
    private final SealedState state = state(store, SERVER, "A");
    private final SealingKey key = new SealingKey(new NamedSecrets("A").current().getFirst());

    @Test
    void showsTheStoreNeitherNamesNorValues() {
        put(state, ONE, "plaintext", LONG);
        append(state, ONE, "plaintext");

        assertThat(latin(raw(valueName(ONE)))).doesNotContain("plaintext");
        assertThat(latin(page(ONE).entries().getFirst())).doesNotContain("plaintext");
        assertThat(List.of(valueName(ONE), logName(ONE)))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void opensAValueUnderItsOwnNameOnly() {
        put(state, ONE, "v", LONG);

        assertThat(putRaw(valueName(TWO), raw(valueName(ONE)))).isTrue();

        assertThat(get(state, TWO)).isEmpty();
        assertThat(get(state, ONE)).hasValue("v");
    }

    @Test
    void opensAValueAtItsOwnServerOnly() {
        put(state, ONE, "v", LONG);
        byte[] stolen = raw(valueName(ONE));
        String other = "https://other.example";

        putRaw(key.name(other, "value", "test", "one"), stolen);

        assertThat(get(state(store, other, "A"), ONE)).isEmpty();
    }

    @Test
    void opensNoExpiredValue() {
        put(state, ONE, "v", Duration.ofSeconds(10));
        byte[] stolen = raw(valueName(ONE));
        InstantSource later = InstantSource.fixed(NOW.plusSeconds(11));
        EmbeddedStore keeping = new EmbeddedStore(Bounds.USUAL, later);
        SealedState state = new SealedState(keeping, new NamedSecrets("A"), SERVER, later);

        keeping.swap(
                List.of(valueName(ONE)), Optional.empty(), stolen, LONG, StateDeadline.start());
        assertThat(get(state, ONE)).isEmpty();

        byte[] longer = stolen.clone();
        ByteBuffer.wrap(longer).putLong(1, NOW.plus(LONG).toEpochMilli());
        keeping.swap(
                List.of(valueName(ONE)), Optional.of(stolen), longer, LONG, StateDeadline.start());
        assertThat(get(state, ONE)).isEmpty();
    }

    @Test
    void opensNoChangedValue() {
        put(state, ONE, "v", LONG);
        byte[] kept = raw(valueName(ONE));
        assertThat(kept).hasSize(1 + Store.SEAL_BYTES);

        for (int at = 0; at < kept.length; at++) {
            byte[] changed = kept.clone();
            changed[at] ^= 1;
            assertThat(key.open(changed, NOW, SERVER, "value", "test", "one")).isEmpty();
        }
        assertThat(key.open(kept, NOW, SERVER, "value", "test", "one")).isPresent();
        assertThat(key.open(new byte[3], NOW, SERVER, "value", "test", "one")).isEmpty();
    }

    @Test
    void swapsAValueThatDoesNotOpenAsIfThereWereNone() {
        putRaw(valueName(ONE), new byte[99]);

        Snapshot seen = state.look(ONE);

        assertThat(seen.value()).isEmpty();
        assertThat(swap(seen, "v", LONG)).isTrue();
        assertThat(get(state, ONE)).hasValue("v");
    }

    @Test
    void opensNoValueUnderARemovedSecret() {
        put(state, ONE, "v", LONG);

        assertThat(get(state(store, SERVER, "B", "A"), ONE)).hasValue("v");
        assertThat(get(state(store, SERVER, "B"), ONE)).isEmpty();
    }

    @Test
    void sealsTheSameValueAnewEachTime() {
        put(state, ONE, "same", LONG);
        byte[] first = raw(valueName(ONE));
        SharedStateContract.renew(state, ONE, LONG);

        assertThat(raw(valueName(ONE))).isNotEqualTo(first);
    }

    @Test
    void skipsAnEntryMovedToAnotherPositionInItsLog() {
        List.of("a", "b", "c", "d").forEach(entry -> append(state, ONE, entry));
        Stretch page = page(ONE);
        List<byte[]> entries = page.entries();

        SealedState moved =
                holding(
                        page.end().epoch(),
                        entries.get(1),
                        entries.get(1),
                        entries.get(3),
                        entries.get(3));

        assertThat(read(moved, ONE, 0)).containsExactly("2 b");
        assertThat(read(moved, ONE, 2)).containsExactly("4 d");
        assertThat(read(moved, ONE, 4)).isEmpty();
    }

    @Test
    void skipsEntriesOfAnotherEpoch() {
        append(state, ONE, "a");

        SealedState moved = holding("another", page(ONE).entries().getFirst());

        Page page = moved.read(ONE, 0, 99);
        assertThat(page.entries()).isEmpty();
        assertThat(page.end()).hasValue(new SharedState.Position("another", 1));
    }

    @Test
    void skipsEntriesOfAnotherLog() {
        append(state, TWO, "a");
        Stretch stolen = page(TWO);

        SealedState moved = holding(stolen.end().epoch(), stolen.entries().getFirst());

        Page page = moved.read(ONE, 0, 99);
        assertThat(page.entries()).isEmpty();
        assertThat(page.end()).hasValue(stolen.end());
    }

    @Test
    void readsPastEntriesThatDoNotOpenWhateverTheLimit() {
        List.of("a", "b", "c").forEach(entry -> append(state, ONE, entry));
        Stretch page = page(ONE);
        byte[] garbage = new byte[200];

        SealedState moved = holding(page.end().epoch(), garbage, garbage, page.entries().getLast());

        assertThat(SharedStateContract.entries(moved.read(ONE, 0, 1))).containsExactly("3 c");
    }

    @Test
    void readsPastManyEntriesThatDoNotOpen() {
        byte[][] garbage = new byte[300][];
        Arrays.fill(garbage, new byte[200]);
        SealedState moved = holding("epoch", garbage);
        append(moved, ONE, "a");
        append(moved, ONE, "b");

        assertThat(SharedStateContract.entries(moved.read(ONE, 0, 1))).containsExactly("301 a");
        assertThat(SharedStateContract.entries(moved.read(ONE, 0, 2)))
                .containsExactly("301 a", "302 b");
    }

    @Test
    void givesUpOnAStoreWithEndlessEntriesThatDoNotOpen() {
        LyingStore lying = new LyingStore();

        Page page = state(lying, SERVER, "A").read(ONE, 0, 99);

        assertThat(page.entries()).isEmpty();
        assertThat(page.end()).isPresent();
        assertThat(lying.reads()).isEqualTo(64);
    }

    @Test
    void sharesNothingWithAProcessWithAnotherRandomSecret() {
        SealedState mine = state(new StateSecrets.OfProcess(new SecureRandom()));
        SealedState yours = state(new StateSecrets.OfProcess(new SecureRandom()));

        put(mine, ONE, "v", LONG);

        assertThat(get(mine, ONE)).hasValue("v");
        assertThat(get(yours, ONE)).isEmpty();
    }

    private SealedState state(StateSecrets secrets) {
        return new SealedState(store, secrets, SERVER, InstantSource.fixed(NOW));
    }

    /** A state over a store whose holder put these entries into the log {@code ONE}. */
    private SealedState holding(String epoch, byte[]... entries) {
        EmbeddedStore held = new EmbeddedStore(Bounds.USUAL, InstantSource.fixed(NOW));
        for (int i = 0; i < entries.length; i++) {
            Draft draft = new Draft(new SharedState.Position(epoch, i + 1), entries[i]);
            held.append(List.of(logName(ONE)), "me", end -> draft, LIMITS, StateDeadline.start());
        }
        return state(held, SERVER, "A");
    }

    private Stretch page(Name log) {
        return store.read(List.of(logName(log)), 0, Integer.MAX_VALUE, StateDeadline.start())
                .orElseThrow();
    }

    private byte[] raw(String name) {
        List<byte[]> found = store.get(List.of(name), StateDeadline.start());
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private boolean putRaw(String name, byte[] value) {
        return store.swap(List.of(name), Optional.empty(), value, LONG, StateDeadline.start());
    }

    private String valueName(Name name) {
        return key.name(SERVER, "value", name.use(), name.id());
    }

    private String logName(Name name) {
        return key.name(SERVER, "log", name.use(), name.id());
    }

    private static SealedState state(Store store, String server, String... secrets) {
        return new SealedState(store, new NamedSecrets(secrets), server, InstantSource.fixed(NOW));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
