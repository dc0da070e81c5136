package services.chorus.seqthink.issuer.clients;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A registered client.
 *
 * @param registration what an operator allowed it
 * @param credential what it authenticates with
 * @param former what it authenticated with before, and may for a while yet
 */
@RegisterForReflection
public record Client(
        Registration registration,
        Credential credential,
        Optional<Former> former,
        boolean disabled,
        Instant createdAt) {

    /** What a client authenticates with: the hash of its secret, or its public keys. Never both. */
    sealed interface Credential permits SecretHash, PublicKeys {}

    /** A credential that was replaced, and is taken until its time is up. */
    record Former(Credential credential, Instant until) {}

    /** Whether a client is served, and if not, why. */
    public enum State {
        ACTIVE,
        DISABLED,
        EXPIRED
    }

    public Client {
        requireNonNull(createdAt, "createdAt is null");
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Client of(StoredClient stored) {
        return stored.client();
    }

    @JsonValue
    StoredClient stored() {
        return StoredClient.of(this);
    }

    public String clientId() {
        return registration.clientId();
    }

    public Set<String> scopes() {
        return registration.scopes();
    }

    public Optional<String> ageRecipient() {
        return registration.ageRecipient();
    }

    public Optional<Instant> expiresAt() {
        return registration.expiresAt();
    }

    /** Whether it gets no tokens but those that are bound to a key by a DPoP proof. */
    public boolean requiresDpop() {
        return registration.requiresDpop();
    }

    /** Whether it may ask about the tokens of others, too. */
    public boolean mayIntrospect() {
        return registration.mayIntrospect();
    }

    public State stateAt(Instant now) {
        if (disabled) {
            return State.DISABLED;
        }
        return expiresAt().map(now::isBefore).orElse(true) ? State.ACTIVE : State.EXPIRED;
    }

    public boolean isServedAt(Instant now) {
        return stateAt(now) == State.ACTIVE;
    }

    /** How it authenticates, as OAuth metadata names it; {@code client_secret} for both ways. */
    public String method() {
        return switch (credential) {
            case SecretHash _ -> "client_secret";
            case PublicKeys _ -> "private_key_jwt";
        };
    }

    public boolean hasSecret() {
        return credential instanceof SecretHash;
    }

    /** Until when its former credential is accepted; empty where there is none. */
    public Optional<Instant> formerUntil() {
        return former.map(Former::until);
    }

    /** The SHA-256 thumbprints (RFC 7638) of its public keys; none when it has a secret. */
    public List<String> thumbprints() {
        return credential instanceof PublicKeys keys ? keys.thumbprints() : List.of();
    }

    /** The credentials that are valid at that time, the present one first. */
    Stream<Credential> credentialsAt(Instant now) {
        return Stream.concat(
                Stream.of(credential),
                former.filter(old -> now.isBefore(old.until())).map(Former::credential).stream());
    }

    Client disabled(boolean disabled) {
        return new Client(registration, credential, former, disabled, createdAt);
    }

    /** The same client with another credential. */
    Client knownBy(Credential next, Optional<Instant> formerUntil) {
        return new Client(
                registration,
                next,
                formerUntil.map(until -> new Former(credential, until)),
                disabled,
                createdAt);
    }

    /** The whole file. */
    @RegisterForReflection
    public record Document(List<Client> clients) {

        public static final Document EMPTY = new Document(List.of());

        public Document {
            clients = List.copyOf(clients);
            var ids = new HashSet<String>();
            if (!clients.stream().map(Client::clientId).allMatch(ids::add)) {
                throw new IllegalArgumentException("A client id stands twice");
            }
        }

        Optional<Client> find(String clientId) {
            return clients.stream().filter(c -> c.clientId().equals(clientId)).findFirst();
        }

        Document with(Client client) {
            if (find(client.clientId()).isPresent()) {
                throw new IllegalArgumentException(
                        "Client " + client.clientId() + " exists already: choose another id");
            }
            return new Document(Stream.concat(clients.stream(), Stream.of(client)).toList());
        }

        Document with(Client before, Client after) {
            return new Document(
                    clients.stream().map(each -> each.equals(before) ? after : each).toList());
        }

        Document without(Client client) {
            return new Document(clients.stream().filter(each -> !each.equals(client)).toList());
        }
    }
}
