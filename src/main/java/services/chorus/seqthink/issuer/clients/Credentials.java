package services.chorus.seqthink.issuer.clients;

import java.util.Optional;

/** What came with a request to prove who sent it, not believed yet. Closing wipes it. */
public sealed interface Credentials extends AutoCloseable {

    /** Who it says it is. */
    String clientId();

    @Override
    void close();

    /** {@code client_secret_basic} or {@code client_secret_post} (RFC 6749 section 2.3.1). */
    record Secret(String clientId, ClientSecret secret) implements Credentials {

        @Override
        public void close() {
            secret.close();
        }
    }

    /**
     * {@code private_key_jwt} (RFC 7523 section 2.2).
     *
     * @param endpoint the URL that was asked
     */
    record Assertion(UnverifiedAssertion jwt, String endpoint) implements Credentials {

        /**
         * Reads a JWT; empty when it is none, or lacks what it must have.
         *
         * @param compact ASCII; it stays the caller's
         * @param endpoint the URL that is asked, which may be the assertion's {@code aud}
         */
        public static Optional<Credentials> read(byte[] compact, String endpoint) {
            return UnverifiedAssertion.parse(compact).map(jwt -> new Assertion(jwt, endpoint));
        }

        /** Its {@code sub}. */
        @Override
        public String clientId() {
            return jwt.claims().subject();
        }

        @Override
        public void close() {
            jwt.wipe();
        }

        @Override
        public String toString() {
            return "Assertion[hidden]";
        }
    }
}
