package services.chorus.seqthink.issuer.clients;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A registered client as it stands in the file. */
@RegisterForReflection
public record Client(
        @JsonProperty("client_id") String clientId,
        @JsonProperty("secret_hash") SecretHash secretHash,
        Set<String> scopes,
        @JsonProperty("age_recipient") Optional<String> ageRecipient,
        boolean disabled,
        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("expires_at") Optional<Instant> expiresAt) {

    public Client {
        requireNonNull(secretHash, "secretHash is null");
        requireNonNull(createdAt, "createdAt is null");
        // a client that someone wrote into the file keeps the same rules as one that was added
        scopes = new Registration(clientId, scopes, ageRecipient, expiresAt).scopes();
    }

    static Client of(Registration registration, SecretHash secretHash, Instant createdAt) {
        return new Client(
                registration.clientId(),
                secretHash,
                registration.scopes(),
                registration.ageRecipient(),
                false,
                createdAt,
                registration.expiresAt());
    }

    public boolean isServedAt(Instant now) {
        return !disabled && expiresAt.map(now::isBefore).orElse(true);
    }

    /** The whole file. */
    @RegisterForReflection
    record Document(List<Client> clients) {

        static final Document EMPTY = new Document(List.of());

        Document {
            clients = List.copyOf(clients);
            var ids = new HashSet<String>();
            if (!clients.stream().map(Client::clientId).allMatch(ids::add)) {
                throw new IllegalArgumentException("A client id stands twice");
            }
        }

        Optional<Client> find(String clientId) {
            return clients.stream().filter(c -> c.clientId().equals(clientId)).findFirst();
        }
    }
}
