package services.chorus.seqthink.issuer.clients;

/** What came with a request to prove who sent it, not believed yet. Closing wipes it. */
public sealed interface ClientCredentials extends AutoCloseable
        permits ClientCredentials.Secret, ClientAssertion {

    /** Who it says it is. */
    String clientId();

    @Override
    void close();

    /** {@code client_secret_basic} or {@code client_secret_post} (RFC 6749 section 2.3.1). */
    record Secret(String clientId, ClientSecret secret) implements ClientCredentials {

        @Override
        public void close() {
            secret.close();
        }
    }
}
