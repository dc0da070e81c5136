package services.chorus.seqthink.issuer;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.issuer.keys.KeyRotator;
import services.chorus.seqthink.issuer.store.StoreException;

/**
 * The token authority of this process. Opens its files (and makes the first key) when it is first
 * asked for something, so never while the issuer role is off. Safe for use by several threads.
 */
@ApplicationScoped
public class Issuer {

    private static final Logger LOG = Logger.getLogger(Issuer.class);

    private final IssuerConfig config;
    private final Provider<AssertionMemory> assertions;
    private final InstantSource clock;
    private TokenAuthority authority;
    private Optional<KeyRotator> rotator = Optional.empty();

    /**
     * An authority that opens nothing yet.
     *
     * @param assertions asked for when the first client shows one
     */
    @Inject
    public Issuer(IssuerConfig config, Provider<AssertionMemory> assertions) {
        this(config, assertions, InstantSource.system());
    }

    Issuer(IssuerConfig config, Provider<AssertionMemory> assertions, InstantSource clock) {
        this.config = config;
        this.assertions = assertions;
        this.clock = clock;
    }

    /**
     * Maintains the keys from now on: published ahead, signing in turn, dropped when nobody needs
     * them, each at its time.
     *
     * @throws StoreException when a file of the issuer cannot be used as it is
     */
    public synchronized void start() {
        if (rotator.isEmpty()) {
            rotator = Optional.of(KeyRotator.start(authority().keys(), KeyRotator.USUAL_PACE));
        }
    }

    @PreDestroy
    synchronized void stop() {
        rotator.ifPresent(KeyRotator::close);
        if (authority != null) {
            authority.close();
        }
    }

    /** How long the key that signs has done so, restarts or not. */
    public Duration keyAge() {
        return authority().keys().age();
    }

    /** How long until another key signs; negative when that is late. */
    public Duration untilRotation() {
        return authority().keys().untilRotation();
    }

    /** How long anyone may keep what {@link #jwks} says. */
    Duration jwksMaxAge() {
        return config.jwksMaxAge();
    }

    /**
     * The JWK set of the issuer's public keys, as JSON.
     *
     * @throws StoreException when a file of the issuer cannot be used as it is
     */
    public String jwks() {
        return authority().keys().jwks();
    }

    /**
     * Whether the token of this {@code jti} was revoked; at most two seconds late where another
     * process revoked it.
     *
     * @throws StoreException when a file of the issuer cannot be used as it is
     */
    public boolean isRevoked(String tokenId) {
        return authority().isRevoked(tokenId);
    }

    /** Its own name, and the base of its URLs. */
    String url() {
        return authority().url();
    }

    synchronized TokenAuthority authority() {
        if (authority == null) {
            authority = new TokenAuthority(config, assertions::get, clock);
            authority.warnings().forEach(LOG::warn);
        }
        return authority;
    }
}
