package services.chorus.seqthink.issuer.clients;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import services.chorus.seqthink.issuer.store.LiveDocument;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/**
 * The clients that may ask for tokens, kept in one JSON file (readable by its owner only). A change
 * of the file by another process is seen within two seconds; a file that became broken, or went
 * away, leaves the clients as they were and says so in the log. Safe for use by several threads;
 * open it once in a process.
 */
public final class Clients {

    private final LiveDocument<Client.Document> clients;
    private final InstantSource clock;

    private Clients(LiveDocument<Client.Document> clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /**
     * Opens the clients file; where there is none yet, there are no clients.
     *
     * @throws StoreException when the file cannot be used as it is
     */
    public static Clients open(Path path, InstantSource clock) {
        var file = new StoreFile<>(path, Client.Document.class);
        return new Clients(LiveDocument.open(file, Client.Document.EMPTY, "clients", clock), clock);
    }

    /**
     * Registers a client under a new random secret.
     *
     * @return the secret, which is stored nowhere: show it once and close it
     * @throws IllegalArgumentException when the id is taken
     * @throws StoreException when the file cannot be used as it is
     */
    public ClientSecret add(Registration registration) {
        ClientSecret secret = ClientSecret.random();
        add(registration, secret);
        return secret;
    }

    /**
     * Registers a client under a secret of its own; the secret is left open.
     *
     * @throws IllegalArgumentException when the id is taken, or the secret is shorter than {@link
     *     ClientSecret#LEAST_CHARACTERS}
     * @throws StoreException when the file cannot be used as it is
     */
    public void add(Registration registration, ClientSecret secret) {
        if (secret.isTooShort()) {
            throw new IllegalArgumentException(
                    "A client secret must have "
                            + ClientSecret.LEAST_CHARACTERS
                            + " characters or more: let one be made, or supply a longer one");
        }
        add(registration, SecretHash.of(secret));
    }

    /**
     * Registers a client that signs with the private half of one of these keys.
     *
     * @throws IllegalArgumentException when the id is taken
     * @throws StoreException when the file cannot be used as it is
     */
    public void add(Registration registration, PublicKeys keys) {
        add(registration, (Credential) requireNonNull(keys, "keys is null"));
    }

    private void add(Registration registration, Credential credential) {
        requireNonNull(registration, "registration is null");
        Client client =
                new Client(registration, credential, Optional.empty(), false, clock.instant());
        clients.update(present -> with(client, present));
    }

    /** All of them, disabled and expired ones too, in the order of the file. */
    public List<Client> all() {
        return clients.present().clients();
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
        return clients.present().find(clientId);
    }

    /** Every scope that some client may ask for. */
    public SortedSet<String> scopes() {
        var scopes = new TreeSet<String>();
        all().forEach(client -> scopes.addAll(client.scopes()));
        return scopes;
    }

    private static Client.Document with(Client client, Client.Document clients) {
        if (clients.find(client.clientId()).isPresent()) {
            throw new IllegalArgumentException(
                    "Client " + client.clientId() + " exists already: choose another id");
        }
        var all = new ArrayList<>(clients.clients());
        all.add(client);
        return new Client.Document(all);
    }
}
