package services.chorus.seqthink.issuer.clients;

import static java.util.stream.Collectors.toCollection;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import services.chorus.seqthink.issuer.store.LiveDocument;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/**
 * The registered clients, kept in one JSON file that only its owner can read. The file is followed
 * as {@link LiveDocument} says. Whatever opens or changes it throws a {@link StoreException} when
 * it cannot be used; whatever changes a client throws an {@link IllegalArgumentException} when the
 * client does not exist. Safe for use by several threads; open it once in a process.
 */
public final class Clients {

    /** How long a replaced credential can be accepted at most. */
    public static final Duration LONGEST_FORMER = Duration.ofDays(30);

    /** A new credential for a client. */
    public sealed interface NewCredential permits ClientSecret, PublicKeys {}

    private final LiveDocument<Client.Document> clients;
    private final InstantSource clock;

    private Clients(LiveDocument<Client.Document> clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    public static Clients open(Path path, InstantSource clock) {
        return new Clients(
                new LiveDocument<>(file(path), Client.Document.EMPTY, "clients", clock), clock);
    }

    public static StoreFile<Client.Document> file(Path path) {
        return new StoreFile<>(path, Client.Document.class);
    }

    /**
     * Registers a client. Does not close a secret, and stores only its hash.
     *
     * @throws IllegalArgumentException when the id is taken, or the secret is shorter than {@link
     *     ClientSecret#LEAST_CHARACTERS}
     */
    public void add(Registration registration, NewCredential credential) {
        Client client =
                Client.of(registration, stored(credential, Optional.empty()), clock.instant());
        clients.update(current -> current.with(client));
    }

    /**
     * Replaces the credential of a client by one of either kind.
     *
     * @param formerFor how long the current one is still accepted, at most {@link #LONGEST_FORMER}
     * @throws IllegalArgumentException also when the secret is too short, or the time too long
     */
    public void rotate(String clientId, NewCredential credential, Duration formerFor) {
        if (formerFor.isNegative() || formerFor.compareTo(LONGEST_FORMER) > 0) {
            throw new IllegalArgumentException(
                    "The old credential can be accepted for "
                            + LONGEST_FORMER.toDays()
                            + " days at most");
        }
        Optional<Instant> until =
                formerFor.isZero()
                        ? Optional.empty()
                        : Optional.of(clock.instant().plus(formerFor));
        change(
                clientId,
                client ->
                        client.withCredential(
                                stored(credential, until.flatMap(_ -> client.secretHash())),
                                until));
    }

    public void disable(String clientId) {
        change(clientId, client -> client.disabled(true));
    }

    public void enable(String clientId) {
        change(clientId, client -> client.disabled(false));
    }

    public void remove(String clientId) {
        clients.update(current -> current.without(known(clientId, current)));
    }

    private void change(String clientId, UnaryOperator<Client> change) {
        clients.update(
                current -> {
                    Client client = known(clientId, current);
                    return current.with(client, change.apply(client));
                });
    }

    private static Client known(String clientId, Client.Document clients) {
        return clients.find(clientId)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "There is no client with that id: run client list to see all"));
    }

    /**
     * @param beside the hash that stays valid: two hashes under one salt cost one computation
     */
    private static Client.Credential stored(NewCredential credential, Optional<SecretHash> beside) {
        return switch (credential) {
            case PublicKeys keys -> keys;
            case ClientSecret secret when secret.isTooShort() ->
                    throw new IllegalArgumentException(
                            "A client secret must have "
                                    + ClientSecret.LEAST_CHARACTERS
                                    + " characters or more: choose a longer one, or have one made");
            case ClientSecret secret ->
                    beside.map(hash -> hash.ofAnother(secret))
                            .orElseGet(() -> SecretHash.of(secret));
        };
    }

    /** All clients, including disabled and expired ones, in the order of the file. */
    public List<Client> all() {
        return clients.current().clients();
    }

    public List<String> ids() {
        return all().stream().map(Client::clientId).toList();
    }

    public Optional<Client> find(String clientId) {
        return clients.current().find(clientId);
    }

    /** The scopes that at least one active client may request. */
    public SortedSet<String> scopes() {
        Instant now = clock.instant();
        return all().stream()
                .filter(client -> client.isServedAt(now))
                .flatMap(client -> client.scopes().stream())
                .collect(toCollection(TreeSet::new));
    }
}
