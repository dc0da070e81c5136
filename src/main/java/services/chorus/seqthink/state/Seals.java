package services.chorus.seqthink.state;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.state.Store.Member;

/**
 * Names and seals what belongs to one server. A place is a kind of thing, a name of that kind, and
 * whatever more it takes to say where something belongs. Safe for use by several threads.
 */
final class Seals implements AutoCloseable {

    private static final String GROUP = "group";
    private static final String MEMBER = "member";

    private final SealingKeys keys;
    private final String server;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Seals(StateSecrets secrets, String server, InstantSource clock) {
        this.keys = new SealingKeys(secrets);
        this.server = requireNonNull(server, "server is null");
        this.clock = clock;
    }

    /** What a store knows a thing by: a name under each current secret, the newest first. */
    List<String> names(String kind, Name name) {
        return keys.lend(all -> all.stream().map(key -> key.name(parts(kind, name))).toList());
    }

    /** A member of a group, under each current secret. */
    List<Member> members(Name group, String member) {
        return keys.lend(
                all ->
                        all.stream()
                                .map(
                                        key ->
                                                new Member(
                                                        key.name(parts(GROUP, group)),
                                                        key.name(parts(MEMBER, group, member))))
                                .toList());
    }

    /** Seals a value for its place under the newest secret. */
    byte[] seal(byte[] value, Duration life, String kind, Name name, String... more) {
        Instant until = clock.instant().plus(life);
        String[] place = parts(kind, name, more);
        return keys.lend(all -> all.getFirst().seal(value, until, random, place));
    }

    /** Opens what was sealed for that place under any current secret, unless its life is over. */
    Optional<byte[]> open(byte[] kept, String kind, Name name, String... more) {
        Instant now = clock.instant();
        String[] place = parts(kind, name, more);
        return keys.lend(
                all ->
                        all.stream()
                                .flatMap(key -> key.open(kept, now, place).stream())
                                .findFirst());
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        keys.close();
    }

    private String[] parts(String kind, Name name, String... more) {
        return Stream.concat(Stream.of(server, kind, name.use(), name.id()), Stream.of(more))
                .toArray(String[]::new);
    }
}
