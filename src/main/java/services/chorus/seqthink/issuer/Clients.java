package services.chorus.seqthink.issuer;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import services.chorus.seqthink.hash.Sha256;

/**
 * The clients that may ask for tokens, kept in one JSON file (readable by its owner only). A change
 * of the file by another process is seen within two seconds; a file that became broken, or went
 * away, leaves the clients as they were and says so in the log. Safe for use by several threads;
 * open it once in a process.
 */
public final class Clients {

    private static final Logger LOG = Logger.getLogger(Clients.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final byte[] NO_FILE = {};

    private final StoreFile<Client.Document> file;
    private final InstantSource clock;
    private Client.Document clients = Client.Document.EMPTY;
    private byte[] lastSeen = NO_FILE;
    private Instant nextLook = Instant.MIN;

    private Clients(StoreFile<Client.Document> file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * Opens the clients file; where there is none yet, there are no clients.
     *
     * @throws StoreException when the file cannot be used as it is
     */
    public static Clients open(Path path, InstantSource clock) {
        var clients = new Clients(new StoreFile<>(path, Client.Document.class), clock);
        clients.look();
        return clients;
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
        requireNonNull(registration, "registration is null");
        if (secret.isTooShort()) {
            throw new IllegalArgumentException(
                    "A client secret must have "
                            + ClientSecret.LEAST_CHARACTERS
                            + " characters or more: let one be made, or supply a longer one");
        }
        Client client = Client.of(registration, SecretHash.of(secret), clock.instant());
        file.update(present -> with(client, present.orElse(Client.Document.EMPTY)));
        look();
    }

    /** The ids of all clients, disabled and expired ones too, in the order of the file. */
    public List<String> ids() {
        return present().clients().stream().map(Client::clientId).toList();
    }

    /** What an operator should hear about the file, though it can be used: a sentence each. */
    public List<String> warnings() {
        return file.warnings();
    }

    Optional<Client> find(String clientId) {
        return present().find(clientId);
    }

    /** Every scope that some client may ask for. */
    SortedSet<String> scopes() {
        var scopes = new TreeSet<String>();
        present().clients().forEach(client -> scopes.addAll(client.scopes()));
        return scopes;
    }

    private synchronized Client.Document present() {
        if (!clock.instant().isBefore(nextLook)) {
            try {
                look();
            } catch (StoreException e) {
                LOG.error("The clients stay as they were: " + e.getMessage());
            }
        }
        return clients;
    }

    private synchronized void look() {
        nextLook = clock.instant().plus(BETWEEN_LOOKS);
        Optional<byte[]> content = file.bytes();
        byte[] digest = content.map(Sha256.digest()::digest).orElse(NO_FILE);
        if (Arrays.equals(digest, lastSeen)) {
            return;
        }
        // before it is parsed, so that a broken file is reported once
        lastSeen = digest;
        clients = file.parse(content.orElseThrow(file::gone));
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
