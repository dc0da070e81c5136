package services.chorus.seqthink.issuer.clients;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A client as the file has it. */
@RegisterForReflection
record StoredClient(
        @JsonProperty("client_id") String clientId,
        @JsonProperty("secret_hash") Optional<SecretHash> secretHash,
        Optional<PublicKeys> jwks,
        Optional<Former> former,
        Set<String> scopes,
        @JsonProperty("age_recipient") Optional<String> ageRecipient,
        @JsonProperty("require_dpop") boolean requireDpop,
        boolean introspect,
        boolean disabled,
        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("expires_at") Optional<Instant> expiresAt) {

    /** A credential that was replaced. */
    @RegisterForReflection
    record Former(
            @JsonProperty("secret_hash") Optional<SecretHash> secretHash,
            Optional<PublicKeys> jwks,
            Instant until) {

        private static Former of(Client.Former former) {
            return new Former(
                    hashIn(former.credential()), keysIn(former.credential()), former.until());
        }

        private Client.Former former() {
            return new Client.Former(only(secretHash, jwks), until);
        }
    }

    static StoredClient of(Client client) {
        Registration registration = client.registration();
        return new StoredClient(
                registration.clientId(),
                hashIn(client.credential()),
                keysIn(client.credential()),
                client.former().map(Former::of),
                registration.scopes(),
                registration.ageRecipient(),
                registration.requiresDpop(),
                registration.mayIntrospect(),
                client.disabled(),
                client.createdAt(),
                registration.expiresAt());
    }

    Client client() {
        // a client that someone wrote into the file keeps the same rules as one that was added
        return new Client(
                new Registration(
                        clientId, scopes, ageRecipient, expiresAt, requireDpop, introspect),
                only(secretHash, jwks),
                former.map(Former::former),
                disabled,
                createdAt);
    }

    private static Optional<SecretHash> hashIn(Client.Credential credential) {
        return credential instanceof SecretHash hash ? Optional.of(hash) : Optional.empty();
    }

    private static Optional<PublicKeys> keysIn(Client.Credential credential) {
        return credential instanceof PublicKeys keys ? Optional.of(keys) : Optional.empty();
    }

    /**
     * The one of the two that is there.
     *
     * @throws IllegalArgumentException when both are, or none
     */
    private static Client.Credential only(
            Optional<SecretHash> secretHash, Optional<PublicKeys> keys) {
        if (secretHash.isPresent() == keys.isPresent()) {
            throw new IllegalArgumentException("A client needs either secret_hash or jwks");
        }
        return keys.isPresent() ? keys.get() : secretHash.get();
    }
}
