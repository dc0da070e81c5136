package services.chorus.seqthink.policy;

import java.time.Duration;
import java.util.Optional;

/** Provides the keys of an issuer: its JWKS endpoint, or the issuer in this process. */
public interface KeySource {

    /**
     * Reads the current key set. Called by one thread at a time; ends within its own deadline and
     * when interrupted.
     *
     * @throws FetchException when no document is available
     */
    Document fetch() throws FetchException, InterruptedException;

    /**
     * A JSON Web Key Set (RFC 7517 section 5).
     *
     * @param maxAge how long the document is fresh, if its source says so
     */
    record Document(String json, Optional<Duration> maxAge) {}
}
