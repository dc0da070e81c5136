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
import services.chorus.seqthink.policy.opaque.TokenService.RoleScopes;
import services.chorus.seqthink.policy.opaque.TokenService.ValidationEndpoint;

/**
 * Verifies opaque tokens by asking their issuer. An answer counts for 30 s, its times are looked at
 * for each call, and without an answer no token is good. May block for some seconds.
 */
public final class OpaqueTokens implements TokenJudge {

    /** How long a whole answer may take, the last byte of the body included. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The longest answer taken, in bytes. */
    public static final int LARGEST = 64 * 1024;

    private static final Logger LOG = Logger.getLogger(OpaqueTokens.class);
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final Set<String> TYPES = Set.of("bearer", "dpop");

    private final RememberedAnswers answers;
    private final String issuer;
    private final Optional<String> audience;
    private final InstantSource clock;
    private final Runnable onFailure;
    private final FetchStatus status;

    /**
     * Asks whom the operator named.
     *
     * @param config one that is not off and in which {@link OpaqueConfig} found no fault
     * @param audience what an answer's {@code aud} must contain where the configuration does not
     *     say
     * @param everyScope what the scope {@code *} of a role stands for
     * @param http with {@link #TIMEOUT} and {@link #LARGEST} or other bounds
     * @param onFailure called for each question without an answer
     */
    public OpaqueTokens(
            OpaqueConfig config,
            Optional<String> audience,
            Set<String> everyScope,
            BoundedHttp http,
            InstantSource clock,
            Runnable onFailure) {
        this.answers = new RememberedAnswers(service(config, everyScope, http), clock);
        this.issuer = config.issuer().orElseThrow();
        this.audience = config.audience().or(() -> audience);
        this.clock = clock;
        this.onFailure = onFailure;
        this.status = new FetchStatus(LOG, "Answers about tokens of " + issuer);
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
                new RoleScopes(config.roleScopes().orElse(List.of()), everyScope),
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
            onFailure.run();
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

    /** Of a refresh token RFC 7662 leaves it open; one is no good here in any case. */
    private static boolean isAccessTokenType(JsonNode type) {
        return type.isTextual() && TYPES.contains(type.textValue().toLowerCase(Locale.ROOT));
    }

    private boolean isForUs(JsonNode aud) {
        Stream<JsonNode> named = aud.isArray() ? aud.valueStream() : Stream.of(aud);
        return audience.filter(own -> named.anyMatch(each -> own.equals(each.textValue())))
                .isPresent();
    }
}
