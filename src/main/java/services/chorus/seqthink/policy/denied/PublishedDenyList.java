package services.chorus.seqthink.policy.denied;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jboss.logging.Logger;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.policy.Claims;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.FetchStatus;
import services.chorus.seqthink.policy.IssuerEndpoint;
import services.chorus.seqthink.policy.TokenVerifier;
import services.chorus.seqthink.policy.TrustedIssuer;
import services.chorus.seqthink.policy.denied.DeniedTokens.DenyList;

/**
 * The deny list that an issuer publishes, fetched periodically by a thread of its own. When a fetch
 * fails or its list is not authentic, the last good list stays in use; an older list is never
 * accepted. No call waits for a fetch.
 */
public final class PublishedDenyList implements DenyList {

    /** How often the list is fetched. */
    public static final Duration INTERVAL = Duration.ofSeconds(30);

    /** How long a whole fetch may take, the last byte of the body included. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The longest accepted list, in bytes. */
    public static final int LARGEST = 4 * 1024 * 1024;

    private static final Logger LOG = Logger.getLogger(PublishedDenyList.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final TrustedIssuer issuer;
    private final IssuerEndpoint endpoint;
    private final Duration interval;
    private final InstantSource clock;
    private final FetchStatus status;
    private final Thread thread;
    private final Instant openedAt;
    private final CountDownLatch fetched = new CountDownLatch(1);
    private volatile Optional<ListedTokens> inForce = Optional.empty();

    private PublishedDenyList(
            TrustedIssuer issuer,
            IssuerEndpoint endpoint,
            Duration interval,
            InstantSource clock,
            Runnable onFailure) {
        this.issuer = issuer;
        this.endpoint = endpoint;
        this.interval = interval;
        this.clock = clock;
        this.status = new FetchStatus(LOG, "The revoked tokens of " + issuer.name(), onFailure);
        this.openedAt = clock.instant();
        this.thread =
                Thread.ofVirtual()
                        .name("deny list of " + issuer.name())
                        .unstarted(this::fetchUntilEnd);
    }

    /**
     * Starts to fetch and returns at once. Before the first good fetch nothing is denied.
     *
     * @param endpoint with {@link #TIMEOUT} and {@link #LARGEST} or other bounds
     * @param interval such as {@link #INTERVAL}
     * @param onFailure called after each failed fetch
     */
    public static PublishedDenyList open(
            TrustedIssuer issuer,
            IssuerEndpoint endpoint,
            Duration interval,
            InstantSource clock,
            Runnable onFailure) {
        var list = new PublishedDenyList(issuer, endpoint, interval, clock, onFailure);
        list.thread.start();
        return list;
    }

    @Override
    public boolean denies(String tokenId) {
        return inForce.filter(list -> list.contains(tokenId)).isPresent();
    }

    /** The time since {@code iat} of the list, or since this was opened while there is none. */
    @Override
    public Duration age() {
        return Duration.between(
                inForce.map(ListedTokens::issuedAt).orElse(openedAt), clock.instant());
    }

    @Override
    public boolean awaitFirst() throws InterruptedException {
        fetched.await();
        return inForce.isPresent();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void fetchUntilEnd() {
        try {
            while (true) {
                fetch();
                fetched.countDown();
                boolean soon = status.problem().isPresent() && RETRY.compareTo(interval) < 0;
                Thread.sleep(soon ? RETRY : interval);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void fetch() throws InterruptedException {
        try {
            byte[] list = endpoint.get("application/jwt, application/jose").body();
            take(ListedTokens.read(new String(list, US_ASCII).strip(), issuer, clock.instant()));
            status.succeeded();
        } catch (FetchException e) {
            status.failed(e.problem());
        } catch (RuntimeException e) {
            status.failed(Problem.UNREACHABLE); // a defect must not end the thread
        }
    }

    private void take(ListedTokens list) throws FetchException {
        if (inForce.filter(last -> list.issuedAt().isBefore(last.issuedAt())).isPresent()) {
            throw new FetchException(Problem.OLDER);
        }
        inForce = Optional.of(list);
    }

    /**
     * A signed deny list (docs/protocol.md).
     *
     * @param hashes the unpadded base64url SHA-256 of each {@code jti}
     */
    private record ListedTokens(Instant issuedAt, Set<String> hashes) {

        private static final String TYPE = "revoked-tokens+jwt";
        private static final int HASH_LENGTH = Sha256.base64url(new byte[0]).length();

        static ListedTokens read(String compact, TrustedIssuer issuer, Instant now)
                throws FetchException {
            ObjectNode payload =
                    issuer.signed(compact, TYPE)
                            .orElseThrow(() -> new FetchException(Problem.NOT_SIGNED));
            var list = new Claims<>(payload, () -> new FetchException(Problem.NO_LIST));
            Instant issuedAt = list.requiredInstant("iat");
            Instant until = list.requiredInstant("exp");
            List<String> hashes = list.texts("sha256");
            if (!issuer.name().equals(list.requiredText("iss"))
                    || !payload.path("sha256").isArray()
                    || !hashes.stream().allMatch(hash -> hash.length() == HASH_LENGTH)) {
                throw new FetchException(Problem.NO_LIST);
            }
            Duration leeway = TokenVerifier.LEEWAY;
            if (issuedAt.isAfter(now.plus(leeway)) || !now.isBefore(until.plus(leeway))) {
                throw new FetchException(Problem.NOT_CURRENT);
            }
            return new ListedTokens(issuedAt, Set.copyOf(hashes));
        }

        boolean contains(String tokenId) {
            return hashes.contains(Sha256.base64url(tokenId.getBytes(UTF_8)));
        }
    }
}
