package services.chorus.seqthink.policy.opaque;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchStatus;
import services.chorus.seqthink.policy.IssuerEndpoint;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.TokenClaims;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.policy.opaque.TokenService.IntrospectionEndpoint;
import services.chorus.seqthink.policy.opaque.TokenService.ValidationEndpoint;

/**
 * Verifies opaque tokens by asking their issuer. Answers are cached for 30 s; the times in them are
 * checked at each call. Without an answer no token is accepted. May block for some seconds.
 */
public final class OpaqueTokens implements TokenJudge {

    /** How long a whole response may take, the last byte of the body included. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The longest accepted response, in bytes. */
    public static final int LARGEST = 64 * 1024;

    private static final Logger LOG = Logger.getLogger(OpaqueTokens.class);
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final Set<String> TYPES = Set.of("bearer", "dpop");

    private final AnswerCache answers;
    private final String issuer;
    private final Optional<String> audience;
    private final InstantSource clock;
    private final FetchStatus status;

    /**
     * @param config not off, without faults by {@link OpaqueConfig#faults}
     * @param audience the default of {@link OpaqueConfig#audience}
     * @param everyScope the scopes that {@code *} grants to a role
     * @param http with {@link #TIMEOUT} and {@link #LARGEST} or other bounds
     * @param onFailure called for each request without a usable response
     */
    public OpaqueTokens(
            OpaqueConfig config,
            Optional<String> audience,
            Set<String> everyScope,
            BoundedHttp http,
            InstantSource clock,
            Runnable onFailure) {
        this.answers = new AnswerCache(service(config, everyScope, http), clock);
        this.issuer = config.issuer().orElseThrow();
        this.audience = config.audience().or(() -> audience);
        this.clock = clock;
        this.status = new FetchStatus(LOG, "Answers about tokens of " + issuer, onFailure);
    }

    private static TokenService service(
            OpaqueConfig config, Set<String> everyScope, BoundedHttp http) {
        if (config.introspectUrl().isPresent()) {
            return new IntrospectionEndpoint(
                    config.clientId().orElseThrow(),
                    config.clientSecretPath().orElseThrow(),
                    new IssuerEndpoint(config.introspectUrl().get(), http));
        }
        return new ValidationEndpoint(
                ValidationEndpoint.scopesByRole(config.roleScopes().orElse(List.of()), everyScope),
                new IssuerEndpoint(config.validateUrl().orElseThrow(), http));
    }

    @Override
    public Verdict verify(String token) {
        if (token.length() > LONGEST_TOKEN) {
            return new Verdict.Refused(Reason.MALFORMED);
        }
        String hash = Sha256.base64url(token);
        try {
            Optional<ObjectNode> claims = answers.about(hash, token);
            status.succeeded();
            return claims.map(active -> judge(active, hash))
                    .orElseGet(() -> new Verdict.Refused(Reason.INACTIVE));
        } catch (FetchException e) {
            status.failed(e.problem());
            return new Verdict.KeysUnavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict.KeysUnavailable();
        }
    }

    private Verdict judge(ObjectNode claims, String hash) {
        if (claims.has("token_type") && !isAccessTokenType(claims.get("token_type"))) {
            return new Verdict.Refused(Reason.UNSUPPORTED_TOKEN);
        }
        if (claims.has("aud") && !isForUs(claims.get("aud"))) {
            return new Verdict.Refused(Reason.WRONG_AUDIENCE);
        }
        return TokenClaims.judge(claims, issuer, hash, clock.instant());
    }

    /** RFC 7662 lets an endpoint answer for refresh tokens, too; they are never accepted. */
    private static boolean isAccessTokenType(JsonNode type) {
        return type.isTextual() && TYPES.contains(type.textValue().toLowerCase(Locale.ROOT));
    }

    private boolean isForUs(JsonNode aud) {
        Stream<JsonNode> named = aud.isArray() ? aud.valueStream() : Stream.of(aud);
        return audience.filter(own -> named.anyMatch(each -> own.equals(each.textValue())))
                .isPresent();
    }
}
