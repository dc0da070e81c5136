package services.chorus.seqthink.issuer.clients;

/** The credentials in a request, not yet verified. Closing wipes them. */
public sealed interface ClientCredentials extends AutoCloseable
        permits ClientCredentials.Secret, ClientAssertion {

    /** The claimed client id. */
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
