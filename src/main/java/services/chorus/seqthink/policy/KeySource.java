package services.chorus.seqthink.policy;

import java.time.Duration;
import java.util.Optional;

/** Where the keys of an issuer come from: its JWKS endpoint, or the issuer in this process. */
public interface KeySource {

    /**
     * Reads the key set as it is now. Called by one thread at a time; ends within a deadline of its
     * own and when interrupted.
     *
     * @throws FetchException when there is no document to be had
     * @throws InterruptedException when the caller gives up
     */
    Document fetch() throws FetchException, InterruptedException;

    /**
     * A JSON Web Key Set (RFC 7517 section 5).
     *
     * @param json its text
     * @param maxAge how long its source calls it fresh, where it says so
     */
    record Document(String json, Optional<Duration> maxAge) {}
}
