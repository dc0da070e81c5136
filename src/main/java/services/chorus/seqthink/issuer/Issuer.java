package services.chorus.seqthink.issuer;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Provider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.issuer.keys.KeyRotator;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.store.StoreException;

/**
 * The token authority of this process. Opens its files (and creates the first key) at the first
 * call, so never while the issuer role is off. Every method throws a {@link StoreException} when a
 * file cannot be used. Safe for use by several threads.
 */
@ApplicationScoped
public class Issuer {

    private final IssuerConfig config;
    private final Provider<AssertionMemory> assertions;
    private final InstantSource clock;
    private TokenAuthority authority;
    private Optional<KeyRotator> rotator = Optional.empty();

    /**
     * @param assertions called when the first client sends an assertion
     */
    public Issuer(IssuerConfig config, Provider<AssertionMemory> assertions, InstantSource clock) {
        this.config = config;
        this.assertions = assertions;
        this.clock = clock;
    }

    /** Publishes, rotates and drops keys when they are due, now and then periodically. */
    public synchronized void start() {
        if (rotator.isEmpty()) {
            rotator = Optional.of(KeyRotator.start(keys(), KeyRotator.INTERVAL));
        }
    }

    @PreDestroy
    synchronized void stop() {
        rotator.ifPresent(KeyRotator::close);
        if (authority != null) {
            authority.close();
        }
    }

    public SigningKeys keys() {
        return authority().keys();
    }

    /** How long the JWKS may be cached. */
    Duration jwksMaxAge() {
        return config.jwksMaxAge();
    }

    /**
     * Whether the token of this {@code jti} was revoked; a revocation by another process counts
     * after two seconds at most.
     */
    public boolean isRevoked(String tokenId) {
        return authority().isRevoked(tokenId);
    }

    synchronized TokenAuthority authority() {
        if (authority == null) {
            authority = new TokenAuthority(config, assertions::get, clock);
        }
        return authority;
    }
}
