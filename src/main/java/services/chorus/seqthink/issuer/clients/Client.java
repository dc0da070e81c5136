package services.chorus.seqthink.issuer.clients;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A registered client, as its file stores it. It authenticates with a secret or with a key, never
 * with both.
 *
 * @param secretHash the hash of its secret; empty for a client with keys
 * @param jwks its public keys; empty for a client with a secret
 * @param former the credential before this one, still accepted for a while
 * @see Registration
 */
@RegisterForReflection
public record Client(
        @JsonProperty("client_id") String clientId,
        @JsonProperty("secret_hash") Optional<SecretHash> secretHash,
        Optional<PublicKeys> jwks,
        Optional<Former> former,
        Set<String> scopes,
        @JsonProperty("age_recipient") Optional<String> ageRecipient,
        @JsonProperty("require_dpop") boolean requiresDpop,
        @JsonProperty("introspect") boolean mayIntrospect,
        boolean disabled,
        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("expires_at") Optional<Instant> expiresAt) {

    /** What a client authenticates with. */
    sealed interface Credential permits SecretHash, PublicKeys {}

    /** A replaced credential, accepted until a time. */
    @RegisterForReflection
    record Former(
            @JsonProperty("secret_hash") Optional<SecretHash> secretHash,
            Optional<PublicKeys> jwks,
            Instant until) {

        Former {
            only(secretHash, jwks);
        }
    }

    /** Whether a client is served, and if not, why. */
    public enum State {
        ACTIVE,
        DISABLED,
        EXPIRED
    }

    public Client {
        // a client that somebody wrote into the file must be as valid as a registered one
        scopes =
                new Registration(
                                clientId,
                                scopes,
                                ageRecipient,
                                expiresAt,
                                requiresDpop,
                                mayIntrospect)
                        .scopes();
        only(secretHash, jwks);
    }

    static Client of(Registration registration, Credential credential, Instant createdAt) {
        return new Client(
                registration.clientId(),
                hashIn(credential),
                keysIn(credential),
                Optional.empty(),
                registration.scopes(),
                registration.ageRecipient(),
                registration.requiresDpop(),
                registration.mayIntrospect(),
                false,
                createdAt,
                registration.expiresAt());
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

    /** The authentication method's OAuth name; {@code client_secret} for both ways to send one. */
    public String method() {
        return hasSecret() ? "client_secret" : "private_key_jwt";
    }

    public boolean hasSecret() {
        return secretHash.isPresent();
    }

    /** Until when its former credential is accepted; empty when there is none. */
    public Optional<Instant> formerUntil() {
        return former.map(Former::until);
    }

    /** The SHA-256 thumbprints (RFC 7638) of its public keys; none when it has a secret. */
    public List<String> thumbprints() {
        return jwks.map(PublicKeys::thumbprints).orElse(List.of());
    }

    /** The credentials that are valid at a time, the current one first. */
    Stream<Credential> credentialsAt(Instant now) {
        return Stream.concat(
                Stream.of(only(secretHash, jwks)),
                former
                        .filter(old -> now.isBefore(old.until()))
                        .map(old -> only(old.secretHash(), old.jwks()))
                        .stream());
    }

    Client disabled(boolean disabled) {
        return new Client(
                clientId,
                secretHash,
                jwks,
                former,
                scopes,
                ageRecipient,
                requiresDpop,
                mayIntrospect,
                disabled,
                createdAt,
                expiresAt);
    }

    Client withCredential(Credential next, Optional<Instant> formerUntil) {
        return new Client(
                clientId,
                hashIn(next),
                keysIn(next),
                formerUntil.map(until -> new Former(secretHash, jwks, until)),
                scopes,
                ageRecipient,
                requiresDpop,
                mayIntrospect,
                disabled,
                createdAt,
                expiresAt);
    }

    private static Optional<SecretHash> hashIn(Credential credential) {
        return credential instanceof SecretHash hash ? Optional.of(hash) : Optional.empty();
    }

    private static Optional<PublicKeys> keysIn(Credential credential) {
        return credential instanceof PublicKeys keys ? Optional.of(keys) : Optional.empty();
    }

    /**
     * @throws IllegalArgumentException when both are present, or neither is
     */
    private static Credential only(Optional<SecretHash> secretHash, Optional<PublicKeys> keys) {
        if (secretHash.isPresent() == keys.isPresent()) {
            throw new IllegalArgumentException("A client needs either secret_hash or jwks");
        }
        return keys.isPresent() ? keys.get() : secretHash.get();
    }

    /** The content of the clients file. */
    @RegisterForReflection
    public record Document(List<Client> clients) {

        public static final Document EMPTY = new Document(List.of());

        public Document {
            clients = List.copyOf(clients);
            var ids = new HashSet<String>();
            if (!clients.stream().map(Client::clientId).allMatch(ids::add)) {
                throw new IllegalArgumentException("A client id is not unique");
            }
        }

        Optional<Client> find(String clientId) {
            return clients.stream()
                    .filter(client -> client.clientId().equals(clientId))
                    .findFirst();
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
