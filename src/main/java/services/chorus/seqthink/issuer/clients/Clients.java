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
 * The clients that may ask for tokens, kept in one JSON file (readable by its owner only). A change
 * of the file by another process is seen within two seconds; a file that became broken, or went
 * away, leaves the clients as they were and says so in the log. Whatever opens or changes the file
 * throws a {@link StoreException} when it cannot be used as it is. Safe for use by several threads;
 * open it once in a process.
 */
public final class Clients {

    /** The longest that a credential is taken which was replaced. */
    public static final Duration LONGEST_FORMER = Duration.ofDays(30);

    /** A credential that a client is given. */
    public sealed interface NewCredential permits ClientSecret, PublicKeys {}

    private final LiveDocument<Client.Document> clients;
    private final InstantSource clock;

    private Clients(LiveDocument<Client.Document> clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** Opens the clients file; where there is none yet, there are no clients. */
    public static Clients open(Path path, InstantSource clock) {
        return new Clients(
                new LiveDocument<>(file(path), Client.Document.EMPTY, "clients", clock), clock);
    }

    /** The clients file for what it holds. */
    public static StoreFile<Client.Document> file(Path path) {
        return new StoreFile<>(path, Client.Document.class);
    }

    /**
     * Registers a client under a new random secret.
     *
     * @return the secret, which is stored nowhere: show it once and close it
     * @throws IllegalArgumentException when the id is taken
     */
    public ClientSecret add(Registration registration) {
        ClientSecret secret = ClientSecret.random();
        add(registration, secret);
        return secret;
    }

    /**
     * Registers a client. A secret is left open, and only its hash is kept.
     *
     * @throws IllegalArgumentException when the id is taken, or the secret is shorter than {@link
     *     ClientSecret#LEAST_CHARACTERS}
     */
    public void add(Registration registration, NewCredential credential) {
        Client client =
                Client.of(registration, kept(credential, Optional.empty()), clock.instant());
        clients.update(current -> current.with(client));
    }

    /**
     * Replaces the credential of a client, by one of whichever kind.
     *
     * @param formerFor how long the present one is taken as well, for up to {@link
     *     #LONGEST_FORMER}; not at all where it is zero
     * @throws IllegalArgumentException when there is no such client, the secret is too short, or
     *     the time too long
     */
    public void rotate(String clientId, NewCredential credential, Duration formerFor) {
        if (formerFor.isNegative() || formerFor.compareTo(LONGEST_FORMER) > 0) {
            throw new IllegalArgumentException(
                    "A former credential can be kept for "
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
                                kept(credential, until.flatMap(_ -> client.secretHash())), until));
    }

    /**
     * Disables a client until it is enabled again.
     *
     * @throws IllegalArgumentException when there is no such client
     */
    public void disable(String clientId) {
        change(clientId, client -> client.disabled(true));
    }

    /**
     * Enables a disabled client.
     *
     * @throws IllegalArgumentException when there is no such client
     */
    public void enable(String clientId) {
        change(clientId, client -> client.disabled(false));
    }

    /**
     * Removes a client.
     *
     * @throws IllegalArgumentException when there is no such client
     */
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
                                        "There is no client of that id: client list names all"));
    }

    /**
     * @param beside the hash that stays valid: two hashes under one salt cost one computation
     */
    private static Client.Credential kept(NewCredential credential, Optional<SecretHash> beside) {
        return switch (credential) {
            case PublicKeys keys -> keys;
            case ClientSecret secret when secret.isTooShort() ->
                    throw new IllegalArgumentException(
                            "A client secret must have "
                                    + ClientSecret.LEAST_CHARACTERS
                                    + " characters or more: let one be made, or supply a longer"
                                    + " one");
            case ClientSecret secret ->
                    beside.map(hash -> hash.ofAnother(secret))
                            .orElseGet(() -> SecretHash.of(secret));
        };
    }

    /** All of them, disabled and expired ones too, in the order of the file. */
    public List<Client> all() {
        return clients.current().clients();
    }

    /** The ids of all clients, in the order of the file. */
    public List<String> ids() {
        return all().stream().map(Client::clientId).toList();
    }

    /** What an operator should hear about the file, though it can be used: a sentence each. */
    public List<String> warnings() {
        return clients.warnings();
    }

    public Optional<Client> find(String clientId) {
        return clients.current().find(clientId);
    }

    /** Every scope that some client may ask for now. */
    public SortedSet<String> scopes() {
        Instant now = clock.instant();
        return all().stream()
                .filter(client -> client.isServedAt(now))
                .flatMap(client -> client.scopes().stream())
                .collect(toCollection(TreeSet::new));
    }
}
